import { readUtf8 } from "../arrays/read-utf8.ts";
import { TokensphereError } from "../errors.ts";

/** The few facts that tokensphere takes from config.json; null where it does not say. */
export interface ModelConfig {
  /** `model_type`, for notes alone: nothing is decided by it. */
  readonly type: string | null;
  readonly layers: number | null;
  readonly hiddenSize: number | null;
  readonly heads: number | null;
  /** Most positions that the model has an embedding for. */
  readonly positions: number | null;
}

const NOTHING: ModelConfig = { type: null, layers: null, hiddenSize: null, heads: null, positions: null };

/** Models whose first positions are taken by padding: `max_position_embeddings` counts `pad_token_id + 1` too many. */
const OFFSET_POSITIONS = new Set([
  ...[
    "roberta",
    "xlm-roberta",
    "xlm-roberta-xl",
    "camembert",
    "longformer",
    "mpnet",
    "roberta-prelayernorm",
    "data2vec-text",
  ],
  ...["layoutlmv3", "esm", "ibert"],
]);

/** Models with relative positions: `n_positions` is the length of training, no limit. */
const RELATIVE_POSITIONS = new Set(["t5", "mt5", "umt5", "longt5"]);

/**
 * Reads config.json; a null path gives no facts.
 *
 * @throws TokensphereError `input` where the file is no JSON object.
 */
export async function readModelConfig(path: string | null): Promise<ModelConfig> {
  return path === null ? NOTHING : parseModelConfig(await readText(path), path);
}

/**
 * All of config.json, as it stands there.
 *
 * @throws TokensphereError `input` where the file is no JSON object.
 */
export async function readConfigObject(path: string): Promise<Record<string, unknown>> {
  return parseObject(await readText(path), path);
}

/** config.json's facts from its text. Encoder–decoder files name the encoder's layers apart. */
export function parseModelConfig(text: string, path: string): ModelConfig {
  const config = parseObject(text, path);
  const number = (...keys: string[]): number | null => {
    const key = keys.find((name) => Number.isSafeInteger(config[name]));
    return key === undefined ? null : Number(config[key]);
  };
  return {
    type: typeof config.model_type === "string" ? config.model_type : null,
    layers: number("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"),
    hiddenSize: number("hidden_size", "n_embd", "d_model", "dim"),
    heads: number("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads"),
    positions: positionLimit(String(config.model_type), number),
  };
}

function positionLimit(type: string, number: (...keys: string[]) => number | null): number | null {
  if (RELATIVE_POSITIONS.has(type)) return null;
  const positions = number("max_position_embeddings", "n_positions", "n_ctx");
  if (positions === null || positions <= 0) return null;
  return OFFSET_POSITIONS.has(type) ? positions - ((number("pad_token_id") ?? 1) + 1) : positions;
}

async function readText(path: string): Promise<string> {
  return readUtf8(path).catch((error) => {
    if (error instanceof TokensphereError) throw error;
    throw new TokensphereError("input", `config cannot be used: ${path}: no readable text. fetch it again`, {
      cause: error,
    });
  });
}

function parseObject(text: string, path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below, with the path.
  }
  throw new TokensphereError("input", `config cannot be used: ${path}: no JSON object. fetch it again`);
}
