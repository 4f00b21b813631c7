// Integrates a velocity on the sphere, independently of the library: Dormand and Prince's pair of order 5 and 4 with step control.
import { distance, normalize } from "./sphere.mjs";

/** J. R. Dormand, P. J. Prince, A family of embedded Runge–Kutta formulae, 1980: the last row is the solution of order 5. */
const STAGES = [
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
const FIRST_STEP = 1e-3;

/** @type {(t: number, x: Float64Array) => boolean} */
const NEVER = () => false;

/**
 * The clouds at `times` (the first is where x0 lies): velocity(x, out) writes tangent velocities. `until(t, x)` may end it early, after
 * any step. Error a step, root mean square over coordinates: `tolerance`.
 */
export function flow(velocity, x0, d, times, { tolerance = 1e-9, maxSteps = 50_000, until = NEVER } = {}) {
  let [x, t, h, next] = [Float64Array.from(x0), times[0], FIRST_STEP, 1];
  const k = Array.from({ length: 7 }, () => new Float64Array(x.length));
  const clouds = [x];
  velocity(x, k[0]);
  for (let steps = 0; next < times.length; steps++) {
    if (steps === maxSteps) throw new Error(`t = ${t}: ${maxSteps} steps. choose an earlier end`);
    const left = times[next] - t;
    const step = Math.min(h, left);
    const y = tryStep(velocity, x, step, k);
    const error = errorOf(k, step) / tolerance;
    h = step * Math.min(5, Math.max(0.2, 0.9 * Math.max(error, 1e-10) ** -0.2));
    if (error > 1) continue;
    x = normalize(y, d);
    t = step === left ? times[next] : t + step;
    velocity(x, k[0]);
    if (step === left) next = clouds.push(x);
    if (until(t, x)) break;
  }
  return clouds;
}

function tryStep(velocity, x, h, k) {
  let y = x;
  STAGES.forEach((row, stage) => {
    y = Float64Array.from(x);
    row.forEach((a, s) => {
      if (a !== 0) for (let i = 0; i < y.length; i++) y[i] += h * a * k[s][i];
    });
    velocity(y, k[stage + 1]);
  });
  return y;
}

function errorOf(k, h) {
  let sum = 0;
  for (let i = 0; i < k[0].length; i++) {
    let e = 0;
    for (let s = 0; s < 7; s++) e += ERROR[s] * k[s][i];
    sum += (h * e) ** 2;
  }
  return Math.sqrt(sum / k[0].length);
}

/** When the tokens have moved by `way` (root mean square of straight distances), or `latest`. */
export function timeOfWay(velocity, x0, d, way, latest = 250) {
  let before = { t: 0, way: 0 };
  let found = latest;
  const until = (t, x) => {
    const now = { t, way: distance(x, x0, d) };
    if (now.way < way) {
      before = now;
      return false;
    }
    found = before.t + ((way - before.way) / (now.way - before.way)) * (t - before.t);
    return true;
  };
  flow(velocity, x0, d, [0, latest], { tolerance: 1e-5, until });
  return found;
}

/** Shares of the last time at layers 0 … layers. */
export const TIME_MAPS = {
  linear: (s) => s,
  quadratic: (s) => s * s,
  root: (s) => Math.sqrt(s),
  sigmoid: (s) => (Math.tanh(3 * (2 * s - 1)) / Math.tanh(3) + 1) / 2,
};

/** The layers of a flow that ends where the tokens moved by `way`; `time` is a name or a function of the layer's share. */
export function layersOfFlow(velocity, x0, d, { way, layers, time = "linear" }) {
  const end = timeOfWay(velocity, x0, d, way);
  const map = typeof time === "function" ? time : TIME_MAPS[time];
  const times = Array.from({ length: layers + 1 }, (_, k) => end * map(k / layers));
  return flow(velocity, x0, d, times);
}
