/** Arguments that are no flags, or say where results go. */
const LEFT_OUT: readonly string[] = ["model", "states", "out", "force", "json", "plugins", "verbose", "debug", "quiet"];
/** Flags that are on unless `--no-…` is given. */
const ON_UNLESS: readonly string[] = ["control", "intervention", "updates", "who"];

/**
 * The command line that makes a run again, of its manifest; quoted for a POSIX shell. It holds what was chosen and what was as usual, so that
 * later versions with other defaults do the same.
 */
export function runAgain(manifest: Readonly<Record<string, unknown>>): string {
  const given = (manifest.arguments ?? {}) as Readonly<Record<string, unknown>>;
  const source = given.model ?? given.states;
  const flags = Object.entries(given).flatMap(([key, value]) => (LEFT_OUT.includes(key) ? [] : flagsOf(key, value)));
  const words = [
    "npx",
    "tokensphere",
    String(manifest.command ?? "compare"),
    ...(source ? [String(source)] : []),
    ...flags,
  ];
  return words.map(quoted).join(" ");
}

function flagsOf(key: string, value: unknown): readonly string[] {
  const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  if (ON_UNLESS.includes(key)) return value === false ? [`--no-${flag.slice(2)}`] : [];
  if (typeof value === "boolean") return value ? [flag] : [];
  if (key === "text" || key === "file" || key === "image" || key === "plugin" || key === "parameter") {
    return [value].flat().flatMap((one) => [flag, String(one)]);
  }
  if (typeof value === "object" && !Array.isArray(value)) return [];
  return [flag, [value].flat().join(",")];
}

function quoted(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
