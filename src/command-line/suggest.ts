/** Whether a word names something that lies on disk. */
type Exists = (word: string) => boolean;

/** Ends of names of files that hold text and no model. */
const TEXT_FILE = /\.(txt|text|md|rst|tex|smi)$/i;

/**
 * What to type in the place of a command line that commander refused, as a sentence to put behind its message; where nothing better is
 * known, where to read what there is; empty where the message says it all.
 *
 * @param message - Commander's, such as "unknown command 'x.onnx'".
 * @param args - The command line.
 * @param commands - Names of the commands, those of parts behind their group's: "theory growth".
 */
export function suggest(
  message: string,
  args: readonly string[],
  exists: Exists,
  commands: readonly string[] = [],
): string {
  const [, command] = /unknown command '([\s\S]*)'/.exec(message) ?? [];
  const better = command !== undefined && command === args[0] ? instead(command, exists) : "";
  return better || modelFlag(message, args) || manyWords(message, args, exists) || whereToRead(message, args, commands);
}

function instead(word: string, exists: Exists): string {
  if (exists(word) && TEXT_FILE.test(word))
    return `to measure its text: tokensphere compare --text-file ${quoted(word)}`;
  if (exists(word) || (/[./\\]/.test(word) && !/\s/.test(word)))
    return `to measure it: tokensphere compare ${quoted(word)}`;
  if (/\s/.test(word)) return `to measure a text: tokensphere compare --text ${quoted(word)}`;
  return "";
}

function modelFlag(message: string, args: readonly string[]): string {
  const at = args.findIndex((word) => /^--model(?:=|$)/.test(word));
  if (!message.includes("unknown option '--model") || at < 0) return "";
  const model = args[at].slice("--model=".length) || args[at + 1] || "MODEL";
  const own = args[0]?.startsWith("-") ? "compare" : args[0];
  return `the model has no flag: tokensphere ${own} ${quoted(model)}`;
}

/** A text that a shell took apart, or files of which each wants its flag. */
function manyWords(message: string, args: readonly string[], exists: Exists): string {
  const [, command] = /too many arguments for '(probe|compare|updates|inspect)'/.exec(message) ?? [];
  if (command === undefined) return "";
  const flag = args.findIndex((word) => word === "--text" || word === "--text-file");
  const from = flag < 0 ? 1 : flag + 1;
  const rest = args.slice(from);
  const end = rest.findIndex((word) => word.startsWith("-"));
  const words = end < 0 ? rest : rest.slice(0, end);
  if (words.length < 2) return "";
  if (words.every(exists))
    return `each file wants its flag: ${words
      .slice(0, 2)
      .map((word) => `--text-file ${quoted(word)}`)
      .join(" ")}`;
  return args[flag] === "--text-file"
    ? ""
    : `a text wants quotes: tokensphere ${command} --text ${quoted(words.join(" "))}`;
}

/** Of a command that was refused for what it lacks or does not know, the help that says what it takes. */
function whereToRead(message: string, args: readonly string[], commands: readonly string[]): string {
  if (message.includes("Did you mean") || !/unknown (command|option)|not specified|missing|too many/.test(message))
    return "";
  const path = [args.slice(0, 2).join(" "), args[0] ?? ""].find((words) => commands.includes(words));
  return `see ${["tokensphere", ...(path === undefined ? [] : [path]), "--help"].join(" ")}`;
}

function quoted(word: string): string {
  const short = word.length > 40 ? `${word.slice(0, 39)}…` : word;
  return /[\s"'$]/.test(short) ? JSON.stringify(short) : short;
}
