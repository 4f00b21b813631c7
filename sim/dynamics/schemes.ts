import type { AttentionLaw } from "./attention-law.ts";
import type { Dynamics, Piece } from "./dynamics.ts";
import type { AlphaKnots, DynamicsParams } from "./params.ts";

/** How the field of a scheme depends on time; nothing where it does not. */
export function scheduleOf({ scheme }: AttentionLaw): Dynamics["schedule"] {
  if (scheme === "sqrt") return () => (t, _x, velocity) => multiply(velocity, 1 / Math.sqrt(t + 1));
  if (scheme === "mix") {
    // At τ itself either will do; with < , τ = 0 is Pre-LN to the last bit.
    return ({ tau = 0 }) => {
      return (t, x, velocity, n, d) => {
        if (t < tau) dropRadial(x, velocity, n, d);
      };
    };
  }
  if (scheme !== "ngpt") return undefined;
  return ({ alpha }) => {
    if (alpha === undefined || typeof alpha === "number") return undefined;
    return (t, _x, velocity) => multiply(velocity, alphaAt(alpha, t));
  };
}

/** Where the field of a row jumps or bends in time; nothing where it does not. */
export function piecesOf({ scheme, matrices, ramp }: AttentionLaw): Dynamics["pieces"] {
  if (ramp) return rampPieces;
  if (matrices === "layers") return layerPieces;
  if (scheme === "mix") {
    return ({ tau = 0, ...others }) => [
      { until: tau, params: { ...others, tau: Number.POSITIVE_INFINITY } },
      { until: Number.POSITIVE_INFINITY, params: { ...others, tau: 0 } },
    ];
  }
  return scheme === "ngpt" ? alphaPieces : undefined;
}

/** Steps of β in a doubling of 1 + t, and doublings after which β stays. */
const STEPS = 4;
const DOUBLINGS = 8;

/** β(1 + t)^growth as a staircase, each stair at the geometric middle of its ends. */
function rampPieces(params: DynamicsParams): readonly Piece[] {
  const growth = Number(params.growth ?? 0);
  if (growth === 0) return [{ until: Number.POSITIVE_INFINITY, params }];
  return Array.from({ length: STEPS * DOUBLINGS + 1 }, (_, k) => ({
    until: k === STEPS * DOUBLINGS ? Number.POSITIVE_INFINITY : 2 ** ((k + 1) / STEPS) - 1,
    params,
    betaTimes: 2 ** ((growth * (k + 0.5)) / STEPS),
  }));
}

/** α(t) by straight lines between its knots, constant before the first and after the last. */
export function alphaAt(knots: AlphaKnots, t: number): number {
  if (t <= knots[0][0]) return knots[0][1];
  for (let i = 1; i < knots.length; i++) {
    const [[from, a], [to, b]] = [knots[i - 1], knots[i]];
    if (t < to) return a + ((t - from) / (to - from)) * (b - a);
  }
  return knots[knots.length - 1][1];
}

/** Each layer alone; the last one lasts for ever. */
function layerPieces({ layers = [], ...others }: DynamicsParams): readonly Piece[] {
  let until = 0;
  return layers.map((layer, l) => {
    until = l === layers.length - 1 ? Number.POSITIVE_INFINITY : until + (layer.duration ?? 1);
    return { until, params: { ...others, layers: [layer] } };
  });
}

/** Between two knots α is a straight line; two knots at one time are a jump, and each side keeps its own. */
export function alphaPieces(params: DynamicsParams): readonly Piece[] {
  const { alpha } = params;
  if (alpha === undefined || typeof alpha === "number") return [{ until: Number.POSITIVE_INFINITY, params }];
  const piece = (until: number, knots: AlphaKnots): Piece => ({ until, params: { ...params, alpha: knots } });
  return [
    piece(alpha[0][0], [alpha[0]]),
    ...alpha.slice(1).map((knot, i) => piece(knot[0], [alpha[i], knot])),
    piece(Number.POSITIVE_INFINITY, [alpha[alpha.length - 1]]),
  ];
}

function multiply(velocity: Float64Array, factor: number): void {
  for (let e = 0; e < velocity.length; e++) velocity[e] *= factor;
}

/** v ← v − ⟨v, x⟩x/‖x‖², row by row. */
function dropRadial(x: Float64Array, velocity: Float64Array, n: number, d: number): void {
  for (let i = 0; i < n; i++) {
    let vx = 0;
    let xx = 0;
    for (let k = i * d; k < (i + 1) * d; k++) {
      vx += velocity[k] * x[k];
      xx += x[k] * x[k];
    }
    for (let k = i * d; k < (i + 1) * d; k++) velocity[k] -= (vx / xx) * x[k];
  }
}
