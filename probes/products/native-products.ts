import { openSyncSession, type SyncSession } from "../../models/onnx/sync-session.ts";
import { gramGraph } from "./gram-graph.ts";

/** Multiplications from which products are made by ONNX Runtime: below them a library would be loaded for next to nothing. */
const LARGE = 2_000_000;
/** Results of a stretch of rows: 4 MB. */
const STRETCH = 2 ** 19;
/** Rows of a stretch of one cloud with itself, whose products with earlier rows are left out. */
const TRIANGLE = 160;

let opened: SyncSession | null | undefined;
let results = new Float64Array(0);

/** Whether products of so many multiplications are made by `nativeProducts`: by their number alone, so that the same ones are the same to the last bit wherever they are made. */
export function isLarge(multiplications: number): boolean {
  return multiplications >= LARGE && session() !== null;
}

/**
 * ⟨a_i, b_j⟩ by the GEMM of ONNX Runtime, three to six times as fast as in WebAssembly: the stretches of `eachProduct`, each once. Only
 * where `isLarge` says so.
 */
export function nativeProducts(
  a: { readonly x: Float64Array; readonly n: number },
  b: { readonly x: Float64Array; readonly n: number },
  d: number,
  later: boolean,
  take: (i: number, j: number, count: number, values: Float64Array, from: number, more: boolean) => void,
): void {
  const most = Math.max(1, Math.floor(STRETCH / b.n));
  const height = later ? Math.min(most, TRIANGLE) : most;
  const whole = Math.min(height, a.n) * b.n;
  if (results.length < whole) results = new Float64Array(whole);
  for (let i = 0; i < a.n; i += height) {
    const rows = Math.min(height, a.n - i);
    const first = later ? i : 0;
    const columns = b.n - first;
    session()?.(
      {
        a: { rows, columns: d, x: a.x.subarray(i * d, (i + rows) * d) },
        b: { rows: columns, columns: d, x: b.x.subarray(first * d, b.n * d) },
      },
      { gram: { rows, columns, x: results.subarray(0, rows * columns) } },
    );
    for (let row = 0; row < rows; row++) {
      const j = later ? i + row + 1 : 0;
      if (j < b.n) take(i + row, j, b.n - j, results, row * columns + j - first, false);
    }
  }
}

function session(): SyncSession | null {
  if (opened === undefined) opened = openSyncSession(gramGraph());
  return opened;
}
