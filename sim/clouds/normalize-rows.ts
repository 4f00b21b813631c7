import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";

/**
 * Divides every row by its length, without overflow or underflow at any scale.
 *
 * @param cloud - Not changed.
 * @param name - What the message calls it.
 * @returns A new `[n, d]` array of unit rows.
 * @throws TokensphereError `input` where the size is wrong, a number is not finite, or a row is zero.
 */
export function normalizeRows({ n, d, x }: Cloud, name = "cloud"): Float64Array {
  if (x.length !== n * d) {
    throw new TokensphereError("input", `${name}: ${x.length} numbers. give n × d = ${n} × ${d} = ${n * d}`);
  }
  const out = Float64Array.from(x);
  for (let i = 0; i < n; i++) normalizeRow(out.subarray(i * d, (i + 1) * d), `${name}, token ${i}`);
  return out;
}

function normalizeRow(row: Float64Array, name: string): void {
  let largest = 0;
  for (const value of row) {
    if (!Number.isFinite(value)) throw new TokensphereError("input", `${name}: ${value}. give finite numbers`);
    largest = Math.max(largest, Math.abs(value));
  }
  if (largest === 0)
    throw new TokensphereError("input", `${name}: zero vector. drop it: it has no place on the sphere`);
  let sum = 0;
  for (const value of row) sum += (value / largest) ** 2;
  const length = Math.sqrt(sum);
  for (let k = 0; k < row.length; k++) row[k] = row[k] / largest / length;
}
