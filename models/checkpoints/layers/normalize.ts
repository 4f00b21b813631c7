import type { NormPlan } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";

/** Layer norm, or root mean square norm, over the last axis, of `size` entries. */
export function normalize(
  draft: GraphDraft,
  { kind, eps, bias }: NormPlan,
  x: string,
  norm: string,
  size: number,
  name?: string,
): string {
  const gain = draft.parameter(`${norm}.weight`, [size], { kind: "constant", value: 1 });
  if (kind === "rms") return rootMeanSquare(draft, x, gain, eps, name);
  const shift = bias ? [draft.parameter(`${norm}.bias`, [size], { kind: "constant", value: 0 })] : [];
  const attributes = { axis: { int: -1 }, epsilon: { float: eps } };
  return draft.op("LayerNormalization", [x, gain, ...shift], attributes, name);
}

/** x / √(mean x² + ε) · gain. RMSNormalization itself comes with opset 23. */
function rootMeanSquare(draft: GraphDraft, x: string, gain: string, eps: number, name?: string): string {
  const square = draft.op("Mul", [x, x]);
  const mean = draft.op("ReduceMean", [square], { axes: { ints: [-1] }, keepdims: { int: 1 } });
  const root = draft.op("Sqrt", [draft.op("Add", [mean, draft.floats([eps])])]);
  return draft.op("Mul", [draft.op("Div", [x, root]), gain], undefined, name);
}
