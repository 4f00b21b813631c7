import { attention } from "../terms/attention.ts";
import { mlpDrift } from "../terms/mlp-drift.ts";
import { opposed } from "../terms/opposed.ts";
import { scaled } from "../terms/scaled.ts";
import type { Term } from "../terms/term.ts";
import type { AttentionLaw } from "./attention-law.ts";
import type { Dynamics, HarmonicForm } from "./dynamics.ts";
import { equationOf } from "./equation-of.ts";
import { masses } from "./masses.ts";
import { flatMatrix, scoreBound } from "./matrices.ts";
import { PARAMETERS, type ParameterName } from "./parameters.ts";
import type { DynamicsParams, Head } from "./params.ts";
import { piecesOf, scheduleOf } from "./schemes.ts";

/** The dynamics that a row of the table stands for. */
export function attentionDynamics(name: string, row: AttentionLaw): Dynamics {
  const { scheme = "post", weighting, times, matrices, causal = false } = row;
  const free = scheme === "pre" || scheme === "mix" || scheme === "peri";
  const { within = false, mlp = false, opposed: away = false } = row;
  const plain = !causal && !matrices && !within && !mlp && !away;
  const hasHarmonics = plain && (scheme === "post" || scheme === "sqrt");
  const pieces = piecesOf(row);
  const schedule = scheduleOf(row);
  return {
    name,
    equation: equationOf(row),
    source: row.source,
    geometry: free ? "free" : "sphere",
    parameters: parametersOf(row),
    terms: (params) => [
      ...headsOf(row, params).map((head) => headTerm(row, params, head)),
      ...(mlp ? [mlpDrift(params)] : []),
    ],
    ...(row.layered ? { layered: row.layered } : {}),
    ...(schedule ? { schedule } : {}),
    ...(pieces ? { pieces } : {}),
    ...(hasHarmonics ? { harmonics: (params) => harmonicForm(row, params) } : {}),
    ...(plain && scheme === "pre" ? { symmetric: (params) => harmonicForm(row, params) } : {}),
    // Rates are of order e^β times the largest score. The factor e^β is taken out, as softmax does by itself.
    logScale: (beta, params) => (weighting === "softmax" ? 0 : Math.abs(beta) * largestScore(row, params)),
    rotates: !matrices && !mlp,
    permutes: !causal,
    contracts: !matrices && !mlp && !free && times !== -1,
  };
}

function parametersOf({ matrices, weighted, scheme, within, ramp, mlp }: AttentionLaw): Dynamics["parameters"] {
  const names: ParameterName[] = [];
  if (matrices === "one") names.push("Q", "K", "V");
  else if (matrices) names.push(matrices);
  if (weighted) names.push("weights");
  if (scheme === "ngpt") names.push("alpha");
  if (scheme === "mix") names.push("tau");
  if (within) names.push("radius");
  if (ramp) names.push("growth");
  if (mlp) names.push("W1", "b1", "W2", "eps");
  return Object.fromEntries(names.map((name) => [name, PARAMETERS[name]]));
}

/** The heads at the start of a piece; one without matrices where Q = K = V = I. */
function headsOf({ matrices }: AttentionLaw, { Q, K, V, heads, layers }: DynamicsParams): readonly Partial<Head>[] {
  if (matrices === "one") return Q && K && V ? [{ Q, K, V }] : [];
  if (matrices === "heads") return heads ?? [];
  return matrices === "layers" ? (layers?.[0]?.heads ?? []) : [{}];
}

function headTerm(row: AttentionLaw, params: DynamicsParams, { Q, K, V }: Partial<Head>): Term {
  const { scheme = "post", weighting, causal = false, times } = row;
  const onSphere = scheme === "post" || scheme === "sqrt";
  const term = attention({
    weighting,
    causal,
    least: row.within ? leastProduct(params) : undefined,
    Q: flatMatrix(Q),
    K: flatMatrix(K),
    V: flatMatrix(V),
    masses: row.weighted ? masses(params.weights) : undefined,
    unitTimes: unitTimes(row, params),
    tangentOnly: onSphere && !Q,
  });
  const signed = row.opposed ? opposed(term) : term;
  return times === undefined ? signed : scaled(signed, times);
}

/** A token sees itself whatever its square is rounded to. */
const leastProduct = ({ radius = Math.PI }: DynamicsParams): number => Math.min(Math.cos(Number(radius)), 1 - 1e-15);

/** Where α depends on time the schedule multiplies by it. */
function unitTimes({ scheme }: AttentionLaw, { alpha }: DynamicsParams): number | undefined {
  if (scheme === "ngpt") return typeof alpha === "number" ? alpha : 1;
  return scheme === "peri" ? 1 : undefined;
}

function harmonicForm({ weighting, weighted, times }: AttentionLaw, { weights }: DynamicsParams): HarmonicForm {
  const form = { weighting, masses: weighted ? masses(weights) : undefined };
  if (times === undefined) return form;
  return { ...form, times: (beta) => (times === "beta" ? beta : times) };
}

/** A bound on the scores over |β|: 1 for unit tokens with Q = K = I. */
function largestScore(row: AttentionLaw, params: DynamicsParams): number {
  return Math.max(...headsOf(row, params).map(({ Q, K }) => (Q ? scoreBound(Q, K) : 1)));
}
