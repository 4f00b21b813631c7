import { normalizeRows } from "../clouds/normalize-rows.ts";

type Rows = readonly (readonly number[])[];

/** Rows as one flat row-major array. Missing rows (checked before) give none. */
export function flatMatrix(rows: Rows | undefined): Float64Array | undefined {
  return rows && Float64Array.from(rows.flat());
}

/** Points as one flat row-major array of unit rows. Missing points (checked before) give none. */
export function unitRows(rows: Rows = []): Float64Array {
  return normalizeRows({ n: rows.length, d: rows[0]?.length ?? 0, x: Float64Array.from(rows.flat()) }, "data");
}

/** A bound on ⟨Qx, Ky⟩ over unit x, y: the Frobenius norm of QᵀK. */
export function scoreBound(Q: Rows = [], K: Rows = []): number {
  let squared = 0;
  for (let a = 0; a < Q.length; a++) {
    for (let b = 0; b < Q.length; b++) squared += Q.reduce((sum, row, r) => sum + row[a] * K[r][b], 0) ** 2;
  }
  return Math.sqrt(squared);
}
