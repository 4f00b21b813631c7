import { TokensphereError } from "../../models/errors.ts";

/** What some states are called: all of them, and each row. */
interface Named {
  readonly name: string;
  readonly names?: readonly string[];
}

/**
 * Does some work on a batch; a failure names the text as the user knows it: by its file and line rather than by its row.
 *
 * @param batch rows of the batch, where there are several.
 */
export async function namingFailures<T>(named: Named, batch: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TokensphereError)) throw error;
    throw new TokensphereError(error.kind, renamed(error.message, named, batch), { cause: error });
  }
}

function renamed(message: string, { name, names }: Named, batch: number): string {
  const [, row, rest] = /^text (\d+)((?::|,) .*)$/s.exec(message) ?? [];
  if (rest === undefined) return message.startsWith(name) ? message : `${name}: ${message}`;
  return `${names?.[Number(row)] ?? (batch > 1 ? `${name} row ${row}` : name)}${rest}`;
}
