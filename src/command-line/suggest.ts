/** Whether a word names something that lies on disk. */
type Exists = (word: string) => boolean;

/**
 * What to type in the place of a command line that commander refused, as a sentence to put behind its message; empty where
 * nothing better is known.
 *
 * @param message - Commander's, such as "unknown command 'x.onnx'".
 * @param args - The command line.
 */
export function suggest(message: string, args: readonly string[], exists: Exists): string {
  const [, command] = /unknown command '([\s\S]*)'/.exec(message) ?? [];
  if (command !== undefined && command === args[0]) return instead(command, exists);
  const at = args.findIndex((word) => /^--model(?:=|$)/.test(word));
  if (!message.includes("unknown option '--model") || at < 0) return "";
  const model = args[at].slice("--model=".length) || args[at + 1] || "MODEL";
  const own = args[0]?.startsWith("-") ? "compare" : args[0];
  return `the model has no flag: tokensphere ${own} ${quoted(model)}`;
}

function instead(word: string, exists: Exists): string {
  if (exists(word) || (/[./\\]/.test(word) && !/\s/.test(word)))
    return `to measure it: tokensphere compare ${quoted(word)}`;
  if (/\s/.test(word)) return `to measure a text: tokensphere compare --text ${quoted(word)}`;
  return "";
}

function quoted(word: string): string {
  const short = word.length > 40 ? `${word.slice(0, 39)}…` : word;
  return /[\s"'$]/.test(short) ? JSON.stringify(short) : short;
}
