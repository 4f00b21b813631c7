import type { ModelConfig } from "./files/model-config.ts";
import type { Overrides } from "./files/overrides.ts";
import type { OnnxGraph } from "./onnx/graph.ts";
import type { ResidualStream } from "./stream/residual-stream.ts";
import { blocksInWords } from "./stream/stream-extras.ts";

/** What a reader of a model's description should know, in sentences. */
export function modelNotes(
  stream: ResidualStream,
  graph: OnnxGraph,
  config: ModelConfig,
  overrides: Overrides,
): string[] {
  return [
    ...overrideNotes(overrides, config),
    ...finalNormNote(stream, config.type, graph),
    ...fusedNote(stream),
    ...(stream.parallel ? ["no resid_mid: attention and MLP are added at once"] : []),
  ];
}

function overrideNotes({ depth, heads, randomInit, shuffleTokens }: Overrides, config: ModelConfig): string[] {
  const replaces = (own: number | null) => (own === null ? "" : ` in place of ${own}`);
  return [
    ...(depth === undefined || depth === config.layers ? [] : [`${depth} blocks${replaces(config.layers)}`]),
    ...(heads === undefined || heads === config.heads ? [] : [`number of heads: ${heads}${replaces(config.heads)}`]),
    ...(randomInit === undefined ? [] : [`weights are drawn afresh with seed ${randomInit}`]),
    ...(shuffleTokens === undefined ? [] : [`tokens are shuffled with seed ${shuffleTokens}`]),
  ];
}

/** Text models whose `hidden_states[L]` is the raw block all the same. */
const RAW_TEXT_TYPES = new Set(["clip_text_model"]);

/**
 * Which of the two entries after the last block Hugging Face calls `hidden_states[L]`. No graph tells: its text models
 * give the normed state (ModernBERT since transformers 5), its image models the raw block, those of sound one or the other.
 */
function finalNormNote({ points, layers, source }: ResidualStream, type: string | null, graph: OnnxGraph): string[] {
  if (!points.some(({ layer }) => layer === "final_norm")) return [];
  const both = `layer ${layers} is the last block as it is, final_norm the norm after it`;
  const input = graph.inputs.find(({ name }) => name === source);
  const isText = input?.dtype.startsWith("int") ?? false;
  if (!isText && input?.dims?.length !== 4) return [both];
  const called = `hidden_states[${layers}] of Hugging Face`;
  if (!isText || RAW_TEXT_TYPES.has(type ?? "")) return [`${both}; ${called} is layer ${layers}`];
  const since = type === "modernbert" ? ` since transformers 5, layer ${layers} before` : "";
  return [`${both}; ${called} is final_norm${since}`];
}

function fusedNote({ attentions, layers }: ResidualStream): string[] {
  const hidden = attentions.flatMap((tensors, k) => (tensors.length > 0 ? [] : [k + 1]));
  if (hidden.length === 0) return [];
  const blocks =
    hidden.length === layers ? "any block" : `block${hidden.length === 1 ? "" : "s"} ${blocksInWords(hidden)}`;
  return [`no attention probabilities of ${blocks}: a fused operator keeps them to itself`];
}
