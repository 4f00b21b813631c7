import type { Cloud } from "../../probes/cloud.ts";
import type { RivalPrediction } from "../rivals/rival.ts";
import type { ObservedText } from "./observed-text.ts";

/** Chord ‖x_i − x̂_i‖ (0 … 2) of each token after one layer. */
export type TokenErrors = Float64Array;

/** Errors at a layer; `null` where the prediction has no place for the tokens. */
export function tokenErrors(text: ObservedText, prediction: RivalPrediction, k: number): TokenErrors | null {
  const predicted = prediction.cloud?.(k) ?? null;
  return predicted === null ? null : chords(text.clouds[k], predicted);
}

function chords(a: Cloud, b: Cloud): Float64Array {
  const { n, d } = a;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let p = i * d; p < (i + 1) * d; p++) sum += (a.x[p] - b.x[p]) ** 2;
    return Math.sqrt(sum);
  });
}
