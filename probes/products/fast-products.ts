import { workspaces } from "../wasm/workspace.ts";
import { isLarge, nativeProducts } from "./native-products.ts";
import { type ProductKernel, productKernel, TILE } from "./product-kernel.ts";

/** Coordinates of a pass: longer rows are multiplied in several. */
const PASS = 512;
/** Rows of a that are multiplied before results are fetched. */
const PANEL = 8 * TILE.rows;
/** Numbers of b that stay near the processor while rows of a go by. */
const NEAR = 24_000;
const workspace = workspaces<ProductKernel>(productKernel);

/** Rows side by side, `[n, d]`. */
interface Rows {
  readonly x: Float64Array;
  readonly n: number;
}

/**
 * ⟨a_i, b_j⟩ in WebAssembly, two float64 at a time, about ten times as fast as the loops in TypeScript; each product is the sum of its
 * even and its odd terms, so a product does not depend on what else is asked for. Where they are many, ONNX Runtime makes them (`isLarge`),
 * alike to a few ε.
 *
 * `take` is handed stretches of them: what stands at `from … from + count` of `values` belongs to (i, j), (i, j + 1), …; with rows longer
 * than a pass every stretch comes several times, to be added up, the first with `more` false.
 *
 * @param later - Only pairs j > i, of two equal clouds.
 */
export function eachProduct(
  a: Rows,
  b: Rows,
  d: number,
  later: boolean,
  take: (i: number, j: number, count: number, values: Float64Array, from: number, more: boolean) => void,
): void {
  if (isLarge(a.n * b.n * d)) {
    nativeProducts(a, b, d, later, take);
    return;
  }
  const pass = evenly(d);
  // Rows a power of two apart would all lie in the same few lines of the cache.
  const stride = pass % 64 === 0 ? pass + 2 : pass;
  const same = a.x === b.x;
  const rows = (n: number) => n + TILE.columns;
  const atB = same ? 0 : rows(a.n) * stride;
  const atC = atB + rows(b.n) * stride;
  const { numbers, run } = workspace(8 * (atC + PANEL * rows(b.n)));
  const width = Math.max(TILE.columns, TILE.columns * Math.floor(NEAR / stride / TILE.columns));
  const cStride = rows(b.n) & ~1;
  for (let k = 0; k < d; k += pass) {
    const length = Math.min(pass, d - k);
    copyRows(a, d, k, length, numbers, 0, stride);
    if (!same) copyRows(b, d, k, length, numbers, atB, stride);
    for (let i = 0; i < a.n; i += PANEL) {
      const count = Math.min(PANEL, a.n - i);
      const first = later ? i - (i % TILE.columns) : 0;
      for (let j = first; j < b.n; j += width) {
        const bytes = 8 * (length + (length % 2));
        const at = [8 * i * stride, 8 * (atB + j * stride), 8 * (atC + j - first)] as const;
        run(...at, count, Math.min(width, b.n - j), 8 * stride, bytes, 8 * cStride);
      }
      for (let row = 0; row < count; row++) {
        const j = later ? i + row + 1 : 0;
        if (j < b.n) take(i + row, j, b.n - j, numbers, atC + row * cStride + j - first, k > 0);
      }
    }
  }
}

/** Coordinates of a pass, even, so that passes are about as long as each other. */
function evenly(d: number): number {
  const pass = Math.ceil(d / Math.ceil(d / PASS));
  return pass + (pass % 2);
}

/** Coordinates k … k + length of every row, with a 0 where that is odd. */
function copyRows(
  { x, n }: Rows,
  d: number,
  k: number,
  length: number,
  to: Float64Array,
  at: number,
  stride: number,
): void {
  if (length === d && stride === d) {
    to.set(x.subarray(0, n * d), at);
    return;
  }
  for (let i = 0; i < n; i++) {
    to.set(x.subarray(i * d + k, i * d + k + length), at + i * stride);
    if (length % 2 === 1) to[at + i * stride + length] = 0;
  }
}
