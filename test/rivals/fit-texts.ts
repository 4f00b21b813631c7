import { type RandomSource, randomSource } from "../../models/random.ts";
import type { Cloud64 } from "../../probes/cloud.ts";
import type { FitText } from "../../src/trajectories/fit-text.ts";

/** Standard normal numbers (Box and Muller). */
export function normals(length: number, random: RandomSource): Float64Array {
  return Float64Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Rows brought to length 1. */
export function unitCloud(n: number, d: number, x: Float64Array): Cloud64 {
  const out = x.slice();
  for (let i = 0; i < n; i++) {
    const row = out.subarray(i * d, (i + 1) * d);
    const length = Math.sqrt(row.reduce((s, v) => s + v * v, 0));
    row.forEach((v, k) => {
      row[k] = v / length;
    });
  }
  return { n, d, x: out };
}

/** A text whose layers follow from each other by a law, from uniform tokens. */
export function textOf(
  n: number,
  d: number,
  layers: number,
  law: (x: Float64Array, random: RandomSource) => Float64Array,
  seed = 1,
): FitText {
  const random = randomSource(seed);
  const clouds = [unitCloud(n, d, normals(n * d, random))];
  while (clouds.length < layers) clouds.push(unitCloud(n, d, law(clouds[clouds.length - 1].x, random)));
  return { n, d, clouds };
}

/** Adds one vector to all. */
export function drift(d: number, size: number, seed = 7): (x: Float64Array) => Float64Array {
  const c = normals(d, randomSource(seed)).map((v) => (size * v) / Math.sqrt(d));
  return (x) => x.map((v, p) => v + c[p % d]);
}

/** x ↦ Mx, M = 1 + noise of this size, the same for all tokens. */
export function mapping(d: number, size: number, seed = 8): (x: Float64Array) => Float64Array {
  const noise = normals(d * d, randomSource(seed)).map((v) => (size * v) / Math.sqrt(d));
  return (x) => {
    const out = x.slice();
    for (let at = 0; at < x.length; at += d) {
      for (let a = 0; a < d; a++) for (let b = 0; b < d; b++) out[at + a] += noise[a * d + b] * x[at + b];
    }
    return out;
  };
}

/** Every token goes its own way. */
export function walk(size: number): (x: Float64Array, random: RandomSource) => Float64Array {
  return (x, random) => {
    const noise = normals(x.length, random);
    return x.map((v, p) => v + size * noise[p]);
  };
}
