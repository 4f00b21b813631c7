import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readUtf8 } from "../arrays/read-utf8.ts";
import { option, TokensphereError } from "../errors.ts";
import { encodeLong, LONG_TEXT, type RawEncode } from "./encode-long.ts";
import { type PreTokenizer, partAsRust } from "./part-as-rust.ts";

/** A text as the model sees it. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** The string of every id. */
  readonly tokens: readonly string[];
  /** 1 where the tokenizer's template added the token, whatever its id. */
  readonly special: Uint8Array;
  /** Tokens that were cut off by an explicit `truncate`. */
  readonly dropped: number;
}

export interface EncodeOptions {
  /** Cut a text that is too long instead of refusing it; default false. */
  readonly truncate?: boolean;
  /** Give all of a text, however long, to be cut into windows; default false. */
  readonly whole?: boolean;
}

/** A tokenizer from local files. */
export interface Tokenizer {
  /** Most tokens a text may have, template included; Infinity where nothing limits them. */
  readonly limit: number;
  /** @throws TokensphereError `input` for a text without tokens or with too many. */
  encode(text: string, options?: EncodeOptions): EncodedText;
}

/**
 * Loads the tokenizer of a folder (tokenizer.json, tokenizer_config.json) with @huggingface/transformers, no network.
 *
 * @param positions the model's own limit, null where it has none.
 * @throws TokensphereError `input` where the folder holds no usable tokenizer.
 */
export async function loadTokenizer(folder: string, positions: number | null): Promise<Tokenizer> {
  const { AutoTokenizer, env, LogLevel } = await import("./transformers.ts");
  env.logLevel = LogLevel.ERROR;
  env.useFSCache = false;
  try {
    // The library would put marks in the place of what is no text.
    const { normalizer, pre_tokenizer: parting } = JSON.parse(await readUtf8(join(folder, "tokenizer.json"))) as {
      normalizer?: Normalizer | null;
      pre_tokenizer?: PreTokenizer | null;
    };
    const asPython = lowercases(normalizer) ? withoutFinalSigma : (text: string) => text;
    const loaded = await AutoTokenizer.from_pretrained(resolve(folder), { local_files_only: true });
    partAsRust(loaded._tokenizer.pre_tokenizer, parting);
    const strings = new Map([...vocabularyOf(loaded.get_vocab())].map(([token, id]) => [id, token]));
    const encode: RawEncode = (text, template) => loaded.encode(asPython(text), { add_special_tokens: template });
    return makeTokenizer(encode, (id) => strings.get(id) ?? `<${id}>`, limitOf(loaded.model_max_length, positions));
  } catch (error) {
    if (error instanceof TokensphereError) throw error;
    const files: string[] = await readdir(folder).catch(() => []);
    const missing = ["tokenizer.json", "tokenizer_config.json"].filter((name) => !files.includes(name));
    const remedy =
      missing.length > 0
        ? `put ${missing.join(" and ")} beside the model, or give ${option("inputs")}`
        : `fetch tokenizer.json and tokenizer_config.json again, or give ${option("inputs")}`;
    throw new TokensphereError("input", `no usable tokenizer: ${folder}. ${remedy}`, { cause: error });
  }
}

/** What tokenizer.json says of a normalizer, as far as it is read. */
interface Normalizer {
  readonly type?: string;
  readonly lowercase?: boolean;
  readonly normalizers?: readonly Normalizer[];
}

function lowercases(normalizer: Normalizer | null | undefined): boolean {
  if (!normalizer) return false;
  const { type, lowercase, normalizers = [] } = normalizer;
  return type === "Lowercase" || (type === "BertNormalizer" && lowercase !== false) || normalizers.some(lowercases);
}

/** JavaScript writes Σ at the end of a word as ς where it lowercases; Python's tokenizers go letter by letter, and write σ. */
function withoutFinalSigma(text: string): string {
  return text.replaceAll("Σ", "σ");
}

/** A tokenizer from its two functions: for tests, and for tokenizers of other makes. */
export function makeTokenizer(raw: RawEncode, tokenOf: (id: number) => string, limit: number): Tokenizer {
  const template = probeTemplate(raw);
  const encode = checked(raw);
  return {
    limit,
    encode(text, { truncate = false, whole = false } = {}) {
      const long = text.length > LONG_TEXT;
      const most = truncate || whole ? Number.POSITIVE_INFINITY : limit;
      const content = long ? encodeLong(encode, text, LONG_TEXT, most) : encode(text, false);
      if (content.length === 0) throw new TokensphereError("input", "empty text: it has no tokens. give some words");
      const all = long ? template.before.concat(content, template.after) : encode(text, true);
      const special = specialPositions(all, content, template.before.length);
      const excess = whole ? 0 : Math.max(0, all.length - limit);
      if (excess > 0 && !truncate) throw tooLong(long ? `at least ${all.length}` : `${all.length}`, limit);
      const kept = keptPositions(special, excess);
      const ids = kept.map((i) => all[i]);
      return { ids, tokens: ids.map(tokenOf), special: Uint8Array.from(kept, (i) => special[i]), dropped: excess };
    },
  };
}

/**
 * 1 where a template token stands in `all`, the ids with template, given `content`, the ids without. Where the content
 * is not one run (a template that changes it), ids are matched from the left in order.
 *
 * @param prefix how many tokens the template puts before a text.
 */
export function specialPositions(all: readonly number[], content: readonly number[], prefix: number): Uint8Array {
  const special = new Uint8Array(all.length).fill(1);
  const starts = [prefix, ...Array.from({ length: all.length - content.length + 1 }, (_, i) => i)];
  const start = starts.find((at) => at + content.length <= all.length && content.every((id, k) => all[at + k] === id));
  if (start !== undefined) return special.fill(0, start, start + content.length);
  let next = 0;
  all.forEach((id, i) => {
    if (id !== content[next]) return;
    special[i] = 0;
    next++;
  });
  return special;
}

/** The same, refusing what a damaged tokenizer.json comes to only when it encodes: an error of the library's, ids that are none. */
function checked(encode: RawEncode): RawEncode {
  const bad = (what: string, cause?: unknown) => {
    const remedy = `fetch tokenizer.json again, or give ${option("inputs")}`;
    return new TokensphereError("input", `the tokenizer cannot encode the text: ${what}. ${remedy}`, { cause });
  };
  return (text, template) => {
    let ids: readonly number[];
    try {
      ids = encode(text, template);
    } catch (cause) {
      throw bad((cause as Error).message.split("\n")[0].slice(0, 160), cause);
    }
    const at = ids.findIndex((id) => !Number.isSafeInteger(id) || id < 0);
    if (at >= 0) throw bad(`it gives ${String(ids[at])} in the place of an id`);
    return ids;
  };
}

/** The template of a probe text tells which tokens stand before and after any text. */
function probeTemplate(encode: RawEncode): { readonly before: readonly number[]; readonly after: readonly number[] } {
  const content = encode("a", false);
  const all = encode("a", true);
  const at = all.findIndex((_, i) => content.every((id, k) => all[i + k] === id));
  return at < 0 ? { before: [], after: [] } : { before: all.slice(0, at), after: all.slice(at + content.length) };
}

/** All positions but the last `excess` that belong to the text: the template stays whole. */
function keptPositions(special: Uint8Array, excess: number): number[] {
  let toDrop = excess;
  const kept: number[] = [];
  for (let i = special.length - 1; i >= 0; i--) {
    if (toDrop > 0 && special[i] === 0) toDrop--;
    else kept.push(i);
  }
  return kept.reverse();
}

function tooLong(tokens: string, limit: number): TokensphereError {
  const remedy = `give a shorter text, cut it with ${option("truncate")}, or split it with ${option("chunk", "max")}`;
  return new TokensphereError("input", `text too long: ${tokens} tokens, the model takes ${limit}. ${remedy}`);
}

/** Tokenizers without a limit say 1e30. */
function limitOf(tokenizerLimit: unknown, positions: number | null): number {
  const own =
    typeof tokenizerLimit === "number" && tokenizerLimit > 0 && tokenizerLimit < 1e9 ? tokenizerLimit : Infinity;
  return Math.min(own, positions ?? Infinity);
}

function vocabularyOf(vocabulary: unknown): Map<string, number> {
  return vocabulary instanceof Map ? vocabulary : new Map(Object.entries(vocabulary as Record<string, number>));
}
