import { TokensphereError } from "../../models/errors.ts";
import { unitRows } from "./matrices.ts";
import { numberParameter, type Parameter, type ParameterSetting } from "./parameter.ts";
import type { Head, Layer } from "./params.ts";

type Rows = readonly (readonly number[])[];

/** A bad value that came by file or by a caller without types. */
function refuse(message: string): never {
  throw new TokensphereError("input", message);
}

const matrix = (name: string, about: string): Parameter => ({
  about,
  check: (value, { d }) => checkMatrix(name, value, d),
});

/** Every parameter of the dynamics here, by name; a dynamics picks those it reads. */
export const PARAMETERS = {
  Q: matrix("Q", "rows of the d × d matrix of queries"),
  K: {
    about: "rows of the d × d matrix of keys",
    check: (value, { d, params: { Q } }) => {
      checkMatrix("K", value, d);
      if (Q) checkScores(Q, value);
    },
  },
  V: matrix("V", "rows of the d × d matrix of values"),
  heads: {
    about: "Q, K, V of every head, at least one",
    check: (value, { d }) => {
      if (!isList(value) || value.length === 0) refuse("heads: none. give at least one with Q, K, V");
      checkHeads("head", value, d);
    },
  },
  layers: { about: "heads and duration of every layer, at least one", check: checkLayers },
  weights: { about: "masses of the tokens, n positive numbers", check: checkWeights },
  alpha: { about: "the step factor, positive, or [[time, alpha], …]", default: 1, check: checkAlpha },
  tau: {
    about: "when normalization turns from post to pre, 0 or above",
    default: 1,
    check: (value) => {
      if (!(typeof value === "number" && value >= 0 && Number.isFinite(value)))
        refuse(`tau: ${value}. use a finite number, 0 or above`);
    },
  },
  radius: numberParameter("radius", {
    ...{ least: 1e-6, most: Math.PI },
    about: "angle within which tokens see each other, in radians, up to pi",
  }),
  growth: numberParameter("growth", {
    ...{ least: -4, most: 4 },
    about: "exponent p of beta (1 + t)^p, from -4 to 4",
  }),
  W1: { about: "rows of the MLP's first matrix, m × d", check: (value, { d }) => checkRows("W1", value, null, d) },
  b1: {
    about: "the MLP's m biases",
    check: (value, { params: { W1 } }) => checkRows("b1", [value], 1, W1?.length ?? 0),
  },
  W2: {
    about: "rows of the MLP's second matrix, d × m",
    check: (value, { d, params: { W1 } }) => checkRows("W2", value, d, W1?.length ?? 0),
  },
  eps: numberParameter("eps", { default: 1, about: "factor of the MLP" }),
  lambda: numberParameter("lambda", { default: 1, least: 0, about: "rate of reweighting" }),
  data: { about: "the sample, rows of width d, at least one", check: checkData },
} as const satisfies Readonly<Record<string, Parameter>>;

/** A name of `PARAMETERS`. */
export type ParameterName = keyof typeof PARAMETERS;

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || value instanceof Float64Array;
}

function isRows(value: unknown): value is Rows {
  return isList(value) && value.every(isList);
}

function checkMatrix(name: string, value: unknown, d: number): asserts value is Rows {
  checkRows(name, value, d, d);
}

/** @param count - Rows; `null`: at least one. */
function checkRows(name: string, value: unknown, count: number | null, width: number): asserts value is Rows {
  const size = `${count ?? "m"} × ${width}`;
  if (!isRows(value)) refuse(`${name}: ${typeof value}. give ${size} numbers in rows`);
  if (value.length !== (count ?? Math.max(1, value.length)) || !value.every((row) => row.length === width))
    refuse(`${name}: ${value.length} rows of ${value[0]?.length ?? 0}. give ${size}`);
  if (!value.every((row) => row.every(Number.isFinite))) refuse(`${name}: not all finite. give finite numbers`);
}

/** Scores beyond this have squares that overflow. */
const MOST_SCORE = 1e150;

/** Checks that scores can be computed whatever β: |⟨Qx, Ky⟩| ≤ d² max|Q| max|K| for unit x, y. */
function checkScores(Q: Rows, K: Rows): void {
  const score = Q.length ** 2 * largestEntry(Q) * largestEntry(K);
  if (score > MOST_SCORE) refuse(`Q, K: scores up to ${score.toPrecision(2)}. use entries whose products are smaller`);
}

function largestEntry(rows: Rows): number {
  return rows.reduce((most, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0);
}

/** @param place - What heads are counted after: `head`, or `layer 2, head`. */
function checkHeads(place: string, heads: readonly unknown[], d: number): void {
  heads.forEach((head, h) => {
    const { Q, K, V }: Partial<Record<keyof Head, unknown>> = Object(head);
    checkMatrix(`${place} ${h}, Q`, Q, d);
    checkMatrix(`${place} ${h}, K`, K, d);
    checkMatrix(`${place} ${h}, V`, V, d);
    checkScores(Q, K);
  });
}

function checkLayers(value: unknown, { d }: ParameterSetting): void {
  if (!isList(value) || value.length === 0) refuse("layers: none. give at least one with heads");
  value.forEach((layer, l) => {
    const { heads, duration = 1 }: Partial<Record<keyof Layer, unknown>> = Object(layer);
    if (!isPositive(duration)) refuse(`layer ${l}, duration: ${duration}. use a positive number`);
    if (!isList(heads) || heads.length === 0) refuse(`layer ${l}, heads: none. give at least one`);
    checkHeads(`layer ${l}, head`, heads, d);
  });
}

function checkAlpha(value: unknown): void {
  const knots = isRows(value) ? value : [[0, value]];
  if (knots.length === 0) refuse("alpha: no pairs. give [[time, alpha], …]");
  let before = 0;
  for (const [time, alpha] of knots) {
    if (!(typeof time === "number" && Number.isFinite(time) && time >= before))
      refuse(`alpha: time ${time} after ${before}. give finite times from 0 on, sorted`);
    if (!isPositive(alpha)) refuse(`alpha: ${alpha}. use a positive number`);
    before = time;
  }
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function checkData(value: unknown, { d }: ParameterSetting): void {
  if (!isRows(value) || value.length === 0) refuse("data: no rows. give at least one point");
  const wrong = value.findIndex((row) => row.length !== d);
  if (wrong >= 0) refuse(`data, row ${wrong}: ${value[wrong].length} numbers. give d = ${d}`);
  unitRows(value);
}

function checkWeights(value: unknown, { n }: ParameterSetting): void {
  if (!isList(value)) refuse(`weights: ${value}. give n = ${n} positive numbers`);
  if (value.length !== n) refuse(`weights: ${value.length} numbers. give n = ${n}`);
  const wrong = value.findIndex((weight) => !isPositive(weight));
  if (wrong >= 0) refuse(`weights: ${value[wrong]}. use positive numbers`);
}
