import type { RandomSource } from "../../../models/random.ts";

/** A permutation of 0 … n − 1, each as likely as every other (Fisher and Yates). */
export function permutation(n: number, random: RandomSource): Int32Array {
  const out = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
