import { option, TokensphereError } from "../models/errors.ts";
import type { Cloud } from "./cloud.ts";
import { cosineFloors } from "./floors/isotropic-floor.ts";
import { defaultMasses } from "./floors/measure-defaults.ts";
import { measureProducts } from "./measures/product-measures.ts";
import type { CloudProbe } from "./probe-cloud.ts";
import { fixedEdges } from "./products/bin-edges.ts";
import { histogram } from "./products/histogram.ts";
import { innerProductsBetween } from "./products/inner-products-across.ts";

export interface AcrossOptions {
  readonly bins?: number;
  readonly masses?: readonly number[];
}

/**
 * Cosines of tokens of different texts (`pairs: "across"`): each token of each cloud with each token of the others, all
 * clouds made by the same `l2` policy. `n` is the number of tokens in all. Without intervals.
 * Throws `input` for fewer than two texts and where widths differ.
 */
export function probeAcross(clouds: readonly Cloud[], options: AcrossOptions = {}): CloudProbe {
  if (clouds.length < 2) {
    throw new TokensphereError(
      "input",
      `pairs across texts: ${clouds.length} text. give two or more, or use ${option("pairs", "within")}`,
    );
  }
  const { masses = defaultMasses } = options;
  const values = innerProductsBetween(clouds, true);
  const n = clouds.reduce((total, cloud) => total + cloud.n, 0);
  const { d } = clouds[0];
  const measures = measureProducts(values, "cosine", masses, cosineFloors(values.length, d, masses), null);
  return { n, d, measures, histogram: histogram(values, fixedEdges(options.bins)) };
}
