import { TokensphereError } from "../../models/errors.ts";

/** What a dynamics may be told beside β. `Q`, `K`, `V` are rows of d × d matrices: scores β⟨Qx_i, Kx_j⟩, values Vx_j. */
export interface DynamicsParams {
  readonly Q?: readonly (readonly number[])[];
  readonly K?: readonly (readonly number[])[];
  readonly V?: readonly (readonly number[])[];
  /** Token masses, positive; divided by their sum. */
  readonly weights?: readonly number[];
  /** nGPT's step factor α, positive. */
  readonly alpha?: number;
}

export type ParamName = keyof DynamicsParams;

/**
 * Checks that exactly the parameters a dynamics reads are there, and that their sizes and ranges are right.
 *
 * @throws TokensphereError `usage` where a name is missing or not read, `input` where a value cannot be used.
 */
export function checkParams(
  dynamics: string,
  reads: readonly ParamName[],
  params: DynamicsParams,
  n: number,
  d: number,
): void {
  for (const name of reads) {
    if (params[name] === undefined)
      throw new TokensphereError("usage", `params: ${name} missing. ${dynamics} needs ${reads.join(", ")}`);
  }
  for (const name of Object.keys(params) as ParamName[]) {
    if (!reads.includes(name))
      throw new TokensphereError("usage", `params: ${name}. ${dynamics} reads ${reads.join(", ") || "none"}`);
  }
  for (const name of ["Q", "K", "V"] as const) if (params[name]) checkMatrix(name, params[name], d);
  if (params.weights) checkWeights(params.weights, n);
  if (params.alpha !== undefined && !(params.alpha > 0 && Number.isFinite(params.alpha))) {
    throw new TokensphereError("input", `alpha: ${params.alpha}. use a positive number`);
  }
}

function checkMatrix(name: string, rows: readonly (readonly number[])[], d: number): void {
  const square = rows.length === d && rows.every((row) => row.length === d);
  if (!square)
    throw new TokensphereError("input", `${name}: ${rows.length} rows of ${rows[0]?.length ?? 0}. give ${d} × ${d}`);
  if (!rows.flat().every(Number.isFinite))
    throw new TokensphereError("input", `${name}: not all finite. give finite numbers`);
}

function checkWeights(weights: readonly number[], n: number): void {
  if (weights.length !== n) throw new TokensphereError("input", `weights: ${weights.length} numbers. give n = ${n}`);
  const wrong = weights.find((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new TokensphereError("input", `weights: ${wrong}. use positive numbers`);
}
