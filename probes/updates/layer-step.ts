import { TokensphereError } from "../../models/errors.ts";
import type { Cloud64 } from "../cloud.ts";
import { pairCount } from "../products/inner-products.ts";
import { innerProductsAcross } from "../products/inner-products-across.ts";
import { logMap, oppositeToken } from "./log-map.ts";

/** ⟨a_i, b_j⟩ of every row of one cloud with every row of another, a.n × b.n row-major: a real GEMM where there is an engine. */
export type ProductsAcross = (a: Cloud64, b: Cloud64) => Promise<Float64Array>;

/** Without an engine. */
export const plainProducts: ProductsAcross = async (a, b) => innerProductsAcross(a, b, false);

/** Multiplications below which calling an engine costs more than it saves. */
const SMALL = 1e5;

/** By an engine where there is enough to do. */
export function sizedProducts(across: ProductsAcross): ProductsAcross {
  return (a, b) => (a.n * b.n * a.d < SMALL ? plainProducts(a, b) : across(a, b));
}

/**
 * Root mean square of changes of inner products, or of angles, below which nothing is told from rounding: states are float32,
 * whose unit vectors err by some 3e-8.
 */
export const ROUNDING = 1e-7;

/** The move of a cloud of unit tokens from one layer to the next, and what every field is compared with. */
export interface LayerStep {
  readonly n: number;
  readonly d: number;
  readonly x: Cloud64;
  readonly y: Cloud64;
  /** D_ij = 1 − ⟨x_i, x_j⟩, n × n, 0 on the diagonal. */
  readonly gaps: Float64Array;
  /** ΔG_ij = ⟨y_i, y_j⟩ − ⟨x_i, x_j⟩ over pairs i < j, in the order of `innerProducts`. */
  readonly change: Float64Array;
  /** The logarithm map, `[n, d]`; `null` where a token turned by half a circle. */
  readonly u: Float64Array | null;
  /** ⟨u_i, x_j⟩, n × n; `null` like `u`. */
  readonly towards: Float64Array | null;
  /** Root mean square of ‖u_i‖ in radians; `null` like `u`. */
  readonly size: number | null;
}

/**
 * Prepares a step: O(n² d).
 *
 * @param x - Unit tokens.
 * @param y - The same tokens a layer on, unit too.
 * @param gapsOf - 1 − ⟨·, ·⟩ of either cloud where they are known.
 * @throws TokensphereError `input` where the clouds differ in size or hold a number that is not finite.
 */
export async function layerStep(
  x: Cloud64,
  y: Cloud64,
  across: ProductsAcross = plainProducts,
  gapsOf: (cloud: Cloud64) => Promise<Float64Array> = (cloud) => gapMatrix(cloud, across),
): Promise<LayerStep> {
  const { n, d } = x;
  if (y.n !== n || y.d !== d) {
    throw new TokensphereError("input", `step of a layer: ${n} × ${d} and ${y.n} × ${y.d}. give the same tokens twice`);
  }
  for (const cloud of [x, y]) requireFinite(cloud);
  const [gaps, after] = [await gapsOf(x), await gapsOf(y)];
  const change = new Float64Array(pairCount(n));
  let p = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) change[p++] = gaps[i * n + j] - after[i * n + j];
  const u = oppositeToken(x, y) === null ? logMap(x, y) : null;
  const towards = u && (await across({ n, d, x: u }, x));
  const size = u && Math.sqrt(u.reduce((sum, value) => sum + value * value, 0) / n);
  return { n, d, x, y, gaps, change, u, towards, size };
}

/** 1 − ⟨x_i, x_j⟩ = ‖x_i − x_j‖²/2 of unit tokens, n × n, 0 on the diagonal and never negative. */
export async function gapMatrix(cloud: Cloud64, across: ProductsAcross): Promise<Float64Array> {
  const { n } = cloud;
  const gram = await across(cloud, cloud);
  const gaps = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const gap = Math.max(0, (gram[i * n + i] + gram[j * n + j]) / 2 - gram[i * n + j]);
      gaps[i * n + j] = gap;
      gaps[j * n + i] = gap;
    }
  }
  return gaps;
}

function requireFinite({ x, d }: Cloud64): void {
  const at = x.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new TokensphereError("input", `step of a layer: ${x[at]} in token ${Math.floor(at / d)}. give finite states`);
}
