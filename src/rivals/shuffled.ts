import { permutation, type RandomSource } from "../../models/random.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { predictedClouds } from "./predicted-clouds.ts";
import type { RivalPrediction } from "./rival.ts";

/**
 * A prediction's displacements from the first layer given to other tokens, the same way in all layers: token j moves as token i
 * was to move, as far and, carried along the geodesic from x_i to x_j, the same way. Carrying is the rotation in the plane of
 * both that takes x_i to x_j: it takes what was predicted for i to where j goes. A null of a field that knows its tokens.
 *
 * @param start where all tokens begin, unit.
 * @returns `null` where the prediction says nothing of tokens.
 */
export function shuffled(prediction: RivalPrediction, start: Cloud, random: RandomSource): RivalPrediction | null {
  const { cloud } = prediction;
  if (!cloud) return null;
  const to = permutation(start.n, random);
  const carried = (k: number) => {
    const at = cloud(k);
    return at && carry(at, start, to);
  };
  return { cloud: carried, products: (k) => predictedClouds([carried(k)]).products(0) };
}

function carry({ n, d, x }: Cloud, start: Cloud, to: Int32Array): Cloud {
  const out = new Float64Array(n * d);
  for (let i = 0; i < n; i++) carryRow(x, start.x, i * d, to[i] * d, d, out);
  return { n, d, x: out };
}

/** Below this 1 + ⟨a, b⟩ is rounding: a and b are opposite and no geodesic is shorter than the others. */
const OPPOSITE = 1e-12;

/** v − ⟨a + b, v⟩/(1 + ⟨a, b⟩) (a + b) + 2⟨a, v⟩ b, with a at `from`, b at `to` and v at `from`; the mirror a → −a where b = −a. */
function carryRow(
  x: ArrayLike<number>,
  start: ArrayLike<number>,
  from: number,
  to: number,
  d: number,
  out: Float64Array,
) {
  let ab = 0;
  let av = 0;
  let bv = 0;
  for (let k = 0; k < d; k++) {
    ab += start[from + k] * start[to + k];
    av += start[from + k] * x[from + k];
    bv += start[to + k] * x[from + k];
  }
  const both = 1 + ab > OPPOSITE ? (av + bv) / (1 + ab) : 0;
  for (let k = 0; k < d; k++) {
    out[to + k] = x[from + k] - both * (start[from + k] + start[to + k]) + 2 * av * start[to + k];
  }
}
