import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { refusePointer } from "../../models/arrays/lfs-pointer.ts";
import { TokensphereError } from "../../models/errors.ts";
import type { Effects } from "../effects/effects.ts";
import type { TextOptions } from "../options/texts.ts";
import { defaultPassage, type NamedText } from "./bundled.ts";
import { otherThanText } from "./other-than-text.ts";

/**
 * The texts that the flags name, in their order: `--text` first, then `--text-file`. Without any, the default passage where the
 * bundled model runs. A text is kept as it is, white space and line ends too, as Python reads it. Throws `usage` where nothing is named, `input` where a file is missing, empty or no UTF-8.
 */
export async function readTexts(effects: Effects, options: TextOptions, bundled: boolean): Promise<NamedText[]> {
  const { text = [], textFile = [], lines = false } = options;
  const given = await Promise.all(
    text.map(async (t, i) => named(t === "-" ? await effects.readStdin() : t, `text ${i}`)),
  );
  const files: NamedText[] = [];
  for (const file of textFile) {
    const content = file === "-" ? await effects.readStdin() : await readUtf8(resolve(effects.cwd, file));
    files.push(...(lines ? splitLines(content, file) : [named(content, file)]));
  }
  const all = [...given, ...files];
  if (all.length > 0) return all;
  if (bundled) return [defaultPassage()];
  throw new TokensphereError("usage", "no text given. add --text, --text-file, --image or --inputs");
}

function named(text: string, name: string): NamedText {
  if (text.trim() === "") throw new TokensphereError("input", `${name}: the text is empty. give some words`);
  return { name, text };
}

function splitLines(content: string, file: string): NamedText[] {
  const texts = content
    .split(/\r?\n/)
    .flatMap((line, i) => (line.trim() === "" ? [] : [named(line, `${file}:${i + 1}`)]));
  if (texts.length === 0) throw new TokensphereError("input", `${file}: no line has text. give some words`);
  return texts;
}

async function readUtf8(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : (error as Error).message;
    throw new TokensphereError("input", `--text-file: ${path}: ${why}. give a text file`, { cause: error });
  }
  refusePointer(bytes, path);
  const other = otherThanText(bytes);
  if (other) throw new TokensphereError("input", `--text-file: ${path}: ${other.what}. ${other.remedy}`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new TokensphereError("input", `--text-file: ${path}: not UTF-8. convert it first, for example with iconv`, {
      cause: error,
    });
  }
}
