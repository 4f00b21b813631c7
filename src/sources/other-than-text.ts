/** A file that holds no plain text, by its first bytes: what it is, and what helps. */
interface OtherFile {
  readonly start: string;
  readonly what: string;
  readonly remedy: string;
}

const IMAGE = { what: "an image", remedy: "give it to a model of images with --image" } as const;
const AS_TEXT = "save its text as UTF-8";

/** The first that fits is said; starts are read as Latin-1, a letter a byte. */
const FILES: readonly OtherFile[] = [
  { start: "%PDF-", what: "a PDF", remedy: "take its text out first, for example with pdftotext" },
  { start: "PK\u0003\u0004", what: "a zip archive, as .docx, .odt and .epub are", remedy: AS_TEXT },
  { start: "{\\rtf", what: "rich text (RTF)", remedy: AS_TEXT },
  { start: "\u00d0\u00cf\u0011\u00e0", what: "a document of old Office programs", remedy: AS_TEXT },
  { start: "\u00ff\u00fe", what: "UTF-16", remedy: "convert it with iconv -f UTF-16 -t UTF-8" },
  { start: "\u00fe\u00ff", what: "UTF-16", remedy: "convert it with iconv -f UTF-16 -t UTF-8" },
  { start: "\u0089PNG", ...IMAGE },
  { start: "\u00ff\u00d8\u00ff", ...IMAGE },
  { start: "GIF8", ...IMAGE },
  { start: "\u001f\u008b", what: "compressed by gzip", remedy: "unpack it with gunzip" },
];

/** What a file is whose bytes are no plain text, as far as they tell: some formats are read as text without an error. */
export function otherThanText(bytes: Uint8Array): Pick<OtherFile, "what" | "remedy"> | null {
  const head = Array.from(bytes.subarray(0, 8), (byte) => String.fromCharCode(byte)).join("");
  const known = FILES.find(({ start }) => head.startsWith(start));
  if (known) return known;
  return bytes.includes(0) ? { what: "not text: it holds bytes that are 0", remedy: "give a text file" } : null;
}

/** Whether the beginning of a file reads as words: what a text would be if it were given in the place of a model. */
export function readsAsText(head: Uint8Array): boolean {
  if (head.length === 0 || otherThanText(head) !== null) return false;
  try {
    // A letter at the end may be cut.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
