import type { Embedded } from "./architecture.ts";
import { counting } from "./attention-mask.ts";
import type { GraphDraft } from "./graph-draft.ts";

/** Cosine and sine of the rotary angles, `[batch or 1, 1, n, size]`. */
export interface RotaryAngles {
  readonly cos: string;
  readonly sin: string;
  /** How many entries of a head turn. */
  readonly size: number;
}

/**
 * Angles position · θ^(−2k/size), each for entries k and k + size/2 of a head (Su et al. 2021, in the halves that
 * Hugging Face uses).
 */
export function rotaryAngles(
  draft: GraphDraft,
  { lengths, positions }: Embedded,
  theta: number,
  size: number,
): RotaryAngles {
  const rates = Float32Array.from({ length: size / 2 }, (_, k) => 1 / Math.fround(theta ** ((2 * k) / size)));
  const numbers = positions ?? draft.op("Unsqueeze", [counting(draft, lengths), draft.ints([0])]);
  const column = draft.op("Unsqueeze", [draft.op("Cast", [numbers], { to: { int: 1 } }), draft.ints([1, 3])]);
  const half = draft.op("Mul", [column, draft.floats(rates, [size / 2])]);
  const angles = draft.op("Concat", [half, half], { axis: { int: -1 } });
  return { cos: draft.op("Cos", [angles]), sin: draft.op("Sin", [angles]), size };
}

/** Turns queries or keys `[batch, heads, n, headSize]`; entries beyond `size` stay as they are. */
export function turn(draft: GraphDraft, { cos, sin, size }: RotaryAngles, x: string, headSize: number): string {
  if (size === headSize) return turnAll(draft, cos, sin, x, size);
  const sizes = draft.ints([size, headSize - size]);
  const [turning, staying] = draft.ops("Split", [x, sizes], 2, { axis: { int: -1 } });
  return draft.op("Concat", [turnAll(draft, cos, sin, turning, size), staying], { axis: { int: -1 } });
}

function turnAll(draft: GraphDraft, cos: string, sin: string, x: string, size: number): string {
  const sizes = draft.ints([size / 2, size / 2]);
  const [first, second] = draft.ops("Split", [x, sizes], 2, { axis: { int: -1 } });
  const turned = draft.op("Concat", [draft.op("Neg", [second]), first], { axis: { int: -1 } });
  return draft.op("Add", [draft.op("Mul", [x, cos]), draft.op("Mul", [turned, sin])]);
}
