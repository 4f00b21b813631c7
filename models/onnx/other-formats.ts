/** A file that is no ONNX file, by its first bytes: what it is, and what helps. */
interface OtherFormat {
  readonly what: string;
  readonly remedy: string;
}

interface Known extends OtherFormat {
  readonly is: (bytes: Uint8Array, text: string) => boolean;
}

/** Bytes that are looked at. */
const HEAD = 1024;

const AGAIN = "fetch the file itself, not the page that shows it";
const EXPORT =
  "export the model with `optimum-cli export onnx`, or give its folder with config.json and model.safetensors";

const ZIP = "PK\u0003\u0004";

/** The first that fits is said. Texts are read as Latin-1, a letter a byte. */
const FORMATS: readonly Known[] = [
  { is: begins("version https://git-lfs"), what: "a git-lfs pointer", remedy: "run `git lfs pull`" },
  { is: isMarkup, what: "a web page", remedy: AGAIN },
  { is: isJson, what: "JSON, as a server answers or a config is written", remedy: "fetch the model's file itself" },
  {
    is: isSafetensors,
    what: "a safetensors file under another name",
    remedy: "rename it to model.safetensors and put config.json beside it",
  },
  { is: isTorchZip, what: "weights saved by PyTorch", remedy: EXPORT },
  { is: isPickle, what: "a Python pickle, as older PyTorch saves weights", remedy: EXPORT },
  { is: begins("\u0089HDF"), what: "an HDF5 file, as Keras saves weights", remedy: EXPORT },
  { is: begins("GGUF"), what: "a GGUF file", remedy: EXPORT },
  { is: begins("TFL3", 4), what: "a TensorFlow Lite file", remedy: EXPORT },
  { is: begins("ORTM", 4), what: "in ONNX Runtime's own format", remedy: "give the .onnx file that it was made from" },
  { is: begins("\u0093NUMPY"), what: "a NumPy array", remedy: "states go to fit or probe" },
  { is: begins(ZIP), what: "a zip archive", remedy: "unpack it and give the model in it" },
  { is: begins("\u001f\u008b"), what: "compressed by gzip", remedy: "unpack it with gunzip" },
];

/** What a file is that is no ONNX file; null where its first bytes do not tell. */
export function otherFormat(bytes: Uint8Array): OtherFormat | null {
  const text = Array.from(bytes.subarray(0, HEAD), (byte) => String.fromCharCode(byte)).join("");
  return FORMATS.find(({ is }) => is(bytes, text)) ?? null;
}

function begins(start: string, at = 0): Known["is"] {
  return (_, text) => text.startsWith(start, at);
}

function isMarkup(_: Uint8Array, text: string): boolean {
  return /^(\u00ef\u00bb\u00bf)?\s*<(!doctype|html|head|\?xml)/i.test(text);
}

/** The length of a header, below 16 MB, and the header. */
function isSafetensors(bytes: Uint8Array, text: string): boolean {
  return bytes.subarray(3, 8).every((byte) => byte === 0) && text[8] === "{";
}

function isTorchZip(_: Uint8Array, text: string): boolean {
  return text.startsWith(ZIP) && text.includes("data.pkl");
}

/** The mark of pickle's protocols 2 to 5. */
function isPickle([mark, protocol]: Uint8Array): boolean {
  return mark === 0x80 && protocol >= 2 && protocol <= 5;
}

function isJson(bytes: Uint8Array, text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
