import { TokensphereError } from "../../models/errors.ts";
import { unitRows } from "./matrices.ts";

type Rows = readonly (readonly number[])[];

/** Rows of the d × d matrices of one head. */
export interface Head {
  readonly Q: Rows;
  readonly K: Rows;
  readonly V: Rows;
}

/** Matrices of the heads of one layer and how long it lasts. */
export interface Layer {
  readonly heads: readonly Head[];
  /** In time units of the dynamics, > 0. Default 1; the last layer lasts for ever. */
  readonly duration?: number | undefined;
}

/** `[time, α]` pairs, times ≥ 0 and not falling, α > 0: straight lines between, a jump where two share a time. */
export type AlphaKnots = readonly (readonly [number, number])[];

/** What a dynamics may be told beside β. `Q`, `K`, `V` are rows of d × d matrices: scores β⟨Qx_i, Kx_j⟩, values Vx_j. */
export interface DynamicsParams {
  readonly Q?: Rows;
  readonly K?: Rows;
  readonly V?: Rows;
  /** Token masses, positive; divided by their sum. */
  readonly weights?: readonly number[];
  /** nGPT's step factor α, positive, or how it depends on time. */
  readonly alpha?: number | AlphaKnots | undefined;
  /** When Mix-LN turns from Post- to Pre-LN, ≥ 0. */
  readonly tau?: number;
  /** Heads, at least one. */
  readonly heads?: readonly Head[];
  /** Layers one after the other, at least one. */
  readonly layers?: readonly Layer[];
  /** The sample of classical mean shift, m × d, m ≥ 1; rows are divided by their length. */
  readonly data?: Rows;
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
  if (params.heads) checkHeads(params.heads, d);
  if (params.data) checkData(params.data, d);
  if (params.weights) checkWeights(params.weights, n);
  if (params.layers) checkLayers(params.layers, d);
  if (params.alpha !== undefined) checkAlpha(params.alpha);
  if (params.tau !== undefined && !(params.tau >= 0 && Number.isFinite(params.tau))) {
    throw new TokensphereError("input", `tau: ${params.tau}. use a finite number, 0 or above`);
  }
}

function checkMatrix(name: string, rows: Rows, d: number): void {
  const square = rows.length === d && rows.every((row) => row.length === d);
  if (!square)
    throw new TokensphereError("input", `${name}: ${rows.length} rows of ${rows[0]?.length ?? 0}. give ${d} × ${d}`);
  if (!rows.flat().every(Number.isFinite))
    throw new TokensphereError("input", `${name}: not all finite. give finite numbers`);
}

/** Scores beyond this have squares that overflow. */
const MOST_SCORE = 1e150;

/**
 * Checks that scores can be computed whatever β: |⟨Qx, Ky⟩| ≤ d² max|Q| max|K| for unit x, y.
 *
 * @throws TokensphereError `input` where they may overflow.
 */
export function checkScores({ Q, K, heads = [], layers = [] }: DynamicsParams): void {
  for (const head of [{ Q, K }, ...heads, ...layers.flatMap((layer) => layer.heads)]) {
    if (!head.Q || !head.K) continue;
    const score = head.Q.length ** 2 * largestEntry(head.Q) * largestEntry(head.K);
    if (score > MOST_SCORE)
      throw new TokensphereError(
        "input",
        `Q, K: scores up to ${score.toPrecision(2)}. use entries whose products are smaller`,
      );
  }
}

function largestEntry(rows: Rows): number {
  return rows.reduce((most, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
}

/** @throws TokensphereError `input` where there is no head or a matrix is not d × d. */
export function checkHeads(heads: readonly Head[], d: number): void {
  if (heads.length === 0) throw new TokensphereError("input", "heads: none. give at least one with Q, K, V");
  heads.forEach((head, h) => {
    for (const name of ["Q", "K", "V"] as const) checkMatrix(`head ${h}, ${name}`, head[name], d);
  });
}

function checkLayers(layers: readonly Layer[], d: number): void {
  if (layers.length === 0) throw new TokensphereError("input", "layers: none. give at least one with heads");
  layers.forEach(({ heads, duration = 1 }, l) => {
    if (!isPositive(duration))
      throw new TokensphereError("input", `layer ${l}, duration: ${duration}. use a positive number`);
    if (heads.length === 0) throw new TokensphereError("input", `layer ${l}, heads: none. give at least one`);
    heads.forEach((head, h) => {
      for (const name of ["Q", "K", "V"] as const) checkMatrix(`layer ${l}, head ${h}, ${name}`, head[name], d);
    });
  });
}

function checkAlpha(alpha: number | AlphaKnots): void {
  const knots = typeof alpha === "number" ? [[0, alpha] as const] : alpha;
  if (knots.length === 0) throw new TokensphereError("input", "alpha: no pairs. give [[time, alpha], …]");
  let before = 0;
  for (const [time, value] of knots) {
    if (!(Number.isFinite(time) && time >= before))
      throw new TokensphereError("input", `alpha: time ${time} after ${before}. give finite times from 0 on, sorted`);
    if (!isPositive(value)) throw new TokensphereError("input", `alpha: ${value}. use a positive number`);
    before = time;
  }
}

function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

function checkData(rows: Rows, d: number): void {
  if (rows.length === 0) throw new TokensphereError("input", "data: no rows. give at least one point");
  const wrong = rows.findIndex((row) => row.length !== d);
  if (wrong >= 0)
    throw new TokensphereError("input", `data, row ${wrong}: ${rows[wrong].length} numbers. give d = ${d}`);
  unitRows(rows);
}

function checkWeights(weights: readonly number[], n: number): void {
  if (weights.length !== n) throw new TokensphereError("input", `weights: ${weights.length} numbers. give n = ${n}`);
  const wrong = weights.find((weight) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong !== undefined) throw new TokensphereError("input", `weights: ${wrong}. use positive numbers`);
}
