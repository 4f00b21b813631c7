/** What standard output is shown in. */
export interface Window {
  /** Characters a line; `null` where the output is no terminal: lines are as long as they are. */
  readonly columns: number | null;
  /** Whether letters may have colours. */
  readonly colour: boolean;
  /** Whether words may lead to files (OSC 8). */
  readonly links: boolean;
}

/** No terminal: plain lines. */
export const NO_WINDOW: Window = { columns: null, colour: false, links: false };

/** Fewer columns than this no table can be read in. */
const LEAST = 40;

/** The window of a stream; colours as https://no-color.org asks. */
export function windowOf(
  { isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">,
  env: Readonly<Record<string, string | undefined>>,
): Window {
  if (!isTTY) return NO_WINDOW;
  const plain = env.TERM === "dumb";
  return { columns: Math.max(LEAST, columns || 80), colour: !plain && !env.NO_COLOR, links: !plain };
}

const CODES = { strong: [1, 22], soft: [2, 22], warning: [33, 39], failure: [31, 39] } as const;

/** Letters of a kind, where the window has colours. */
export function painted({ colour }: Window, kind: keyof typeof CODES, text: string): string {
  const [on, off] = CODES[kind];
  return colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
}

/** Words that lead to an address, where the window has links. */
export function linked({ links }: Window, address: string, text: string): string {
  return links ? `\u001b]8;;${address}\u001b\\${text}\u001b]8;;\u001b\\` : text;
}

/** A paragraph in lines that fit the window; as it is where there is none. */
export function wrapped({ columns }: Pick<Window, "columns">, text: string): readonly string[] {
  if (columns === null) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
