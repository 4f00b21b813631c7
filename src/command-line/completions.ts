import type { TypedCommand } from "./command-tree.ts";

/** Scripts that complete command lines, by shell. */
export const COMPLETIONS = { bash, zsh, fish } as const;

/** How each is put to use, as its first lines say. */
const USE = {
  bash: "# tokensphere completion bash > ~/.local/share/bash-completion/completions/tokensphere",
  zsh: "# tokensphere completion zsh > ~/.zfunc/_tokensphere   (with fpath+=~/.zfunc before compinit in ~/.zshrc)",
  fish: "# tokensphere completion fish > ~/.config/fish/completions/tokensphere.fish",
} as const;

function bash(tree: readonly TypedCommand[]): string {
  const arms = (pick: (one: TypedCommand) => readonly string[]) =>
    tree.flatMap((one) => {
      const words = pick(one);
      return words.length === 0
        ? []
        : [`      "${one.path.join(" ")}") COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$cur")) ;;`];
    });
  return `${USE.bash}
_tokensphere() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
${steps(tree)}
    esac
  done
  COMPREPLY=()
  case "$at $prev" in
${choices(tree)
  .map(
    ({ path, long, all }) =>
      `    "${path.join(" ")} ${long}") COMPREPLY=($(compgen -W "${all.join(" ")}" -- "$cur")); return ;;`,
  )
  .join("\n")}
  esac
  if [[ "$cur" == -* ]]; then
    case "$at" in
${arms(({ flags }) => flags.map(({ long }) => long)).join("\n")}
    esac
  else
    case "$at" in
${arms(({ parts }) => parts.map(({ name }) => name)).join("\n")}
    esac
  fi
}
complete -o default -F _tokensphere tokensphere`;
}

function zsh(tree: readonly TypedCommand[]): string {
  const list = (name: string, told: readonly (readonly [string, string])[]) =>
    told.length === 0 ? [] : [`${name}=(${told.map(([word, about]) => quoted(`${word}:${about}`)).join(" ")})`];
  const arms = tree.map(({ path, parts, flags }) => {
    const lines = [
      ...list(
        "parts",
        parts.map(({ name, about }) => [name, about]),
      ),
      ...list(
        "flags",
        flags.map(({ long, about }) => [long, about]),
      ),
    ];
    return `    "${path.join(" ")}") ${lines.join("; ")} ;;`;
  });
  return `#compdef tokensphere
${USE.zsh}
_tokensphere() {
  local at="" word
  local -a parts flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
${steps(tree)}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${choices(tree)
  .map(({ path, long, all }) => `    "${path.join(" ")} ${long}") compadd -- ${all.map(quoted).join(" ")}; return ;;`)
  .join("\n")}
  esac
  case "$at" in
${arms.join("\n")}
  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe option flags
  else
    (( \${#parts} )) && _describe command parts || _files
  fi
}
if [[ "\${funcstack[1]}" == _tokensphere ]]; then
  _tokensphere "$@" # Autoloaded: this file is the function's first call.
else
  compdef _tokensphere tokensphere
fi`;
}

function fish(tree: readonly TypedCommand[]): string {
  const lines = tree.flatMap(({ path, parts, flags }) => {
    const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    const before =
      parts.length === 0
        ? seen
        : `${seen}; and not __fish_seen_subcommand_from ${parts.map(({ name }) => name).join(" ")}`;
    const when = path.length === 0 ? "__fish_use_subcommand" : before;
    return [
      ...parts.map(({ name, about }) => `complete -c tokensphere -n ${quoted(when)} -f -a ${name} -d ${quoted(about)}`),
      ...flags.map(({ long, about, takesValue, choices: all }) => {
        const value = all.length > 0 ? ` -x -a ${quoted(all.join(" "))}` : takesValue ? " -r" : "";
        return `complete -c tokensphere -n ${quoted(when)} -l ${long.slice(2)}${value} -d ${quoted(about)}`;
      }),
    ];
  });
  return [USE.fish, ...lines].join("\n");
}

/** The arms, alike in bash and zsh, by which words lead from one command to the next. */
function steps(tree: readonly TypedCommand[]): string {
  const paths = tree.map(({ path }) => path).filter((path) => path.length > 0);
  return paths.map((path) => `      ${caseOf(path)}) at="${path.join(" ")}" ;;`).join("\n");
}

/** `"theory growth"`: where one is, and the word that comes. */
function caseOf(path: readonly string[]): string {
  return `"${[path.slice(0, -1).join(" "), path.at(-1)].join(" ")}"`;
}

function choices(tree: readonly TypedCommand[]) {
  return tree.flatMap(({ path, flags }) =>
    flags.flatMap(({ long, choices: all }) => (all.length === 0 ? [] : [{ path, long, all }])),
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
