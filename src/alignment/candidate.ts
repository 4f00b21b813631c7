import type { SketchPlan } from "./quantile-sketch.ts";

/**
 * One simulated trajectory as the fit keeps it: sketches of the inner products at times chosen so that the cloud moved by about
 * the same length between any two. Between frames a sketch is interpolated linearly in time.
 */
export interface Frames {
  readonly beta: number;
  /** Increasing, the first 0. */
  readonly times: Float64Array;
  /** `[frames, blocks]`, in single precision: all candidates of a fit are kept side by side. */
  readonly sketches: Float32Array;
  /** Whether it was given up while it still moved: more time would have cost too much. */
  readonly cut: boolean;
}

/** What a candidate is compared with: per text the plan of its sketches and one sketch a layer, `[layers, blocks]`. */
export interface Target {
  readonly plan: SketchPlan;
  readonly sketches: Float64Array;
}

/** What is predicted at any time up to the horizon, as its distance from what was observed. */
export interface Trajectory {
  /** Times at which a prediction is tabulated, from 0 to the horizon: frames of all texts, thinned. */
  readonly grid: Float64Array;
  readonly horizon: number;
  /** Mean over texts of the W1 distance between observed layer `layer` and the prediction at time `t` (both sketched). */
  cost(layer: number, t: number): number;
}

/** One family at one β. */
export interface Candidate extends Trajectory {
  readonly beta: number;
  /** Whether the horizon is where the simulation was given up: later times were not seen. */
  readonly cut: boolean;
  /** The same for some of the texts, by number. */
  ofTexts(texts: readonly number[]): Candidate;
  /** The same trajectories against other sketches, laid out by the same plans. */
  against(targets: readonly Target[]): Candidate;
}

const MAX_GRID = 400;

/** Binds the trajectories of all texts (equal β) to what was observed. */
export function candidate(frames: readonly Frames[], targets: readonly Target[]): Candidate {
  const horizon = Math.min(...frames.map(endOf));
  const cost = (layer: number, t: number): number => {
    let sum = 0;
    for (let i = 0; i < frames.length; i++) sum += sketchDistance(frames[i], targets[i], layer, t);
    return sum / frames.length;
  };
  return {
    beta: frames[0].beta,
    grid: commonGrid(frames, horizon),
    horizon,
    cut: frames.some((f) => f.cut && endOf(f) === horizon),
    cost,
    ofTexts: (texts) =>
      candidate(
        texts.map((i) => frames[i]),
        texts.map((i) => targets[i]),
      ),
    against: (others) => candidate(frames, others),
  };
}

function endOf({ times }: Frames): number {
  return times[times.length - 1];
}

/** W1 between an observed sketch and the simulated one at time t, interpolated linearly between frames. */
function sketchDistance(frames: Frames, target: Target, layer: number, t: number): number {
  const { times, sketches } = frames;
  const { weights } = target.plan;
  const blocks = weights.length;
  const f = frameBefore(times, t);
  const s = f + 1 < times.length ? (t - times[f]) / (times[f + 1] - times[f]) : 0;
  const a = f * blocks;
  const b = s > 0 ? a + blocks : a;
  const o = layer * blocks;
  let sum = 0;
  for (let q = 0; q < blocks; q++) {
    const predicted = sketches[a + q] + s * (sketches[b + q] - sketches[a + q]);
    sum += weights[q] * Math.abs(target.sketches[o + q] - predicted);
  }
  return sum;
}

/** W1 between an observed sketch and another one. */
export function layerDistance({ plan: { weights }, sketches }: Target, layer: number, other: Float64Array): number {
  const o = layer * weights.length;
  let sum = 0;
  for (let q = 0; q < weights.length; q++) sum += weights[q] * Math.abs(sketches[o + q] - other[q]);
  return sum;
}

/** Index of the last frame at or before t. */
function frameBefore(times: Float64Array, t: number): number {
  let lo = 0;
  let hi = times.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (times[mid] <= t) lo = mid;
    else hi = mid - 1;
  }
  return lo;
}

function commonGrid(frames: readonly Frames[], horizon: number): Float64Array {
  const all = Float64Array.from(new Set(frames.flatMap((f) => [...f.times].filter((t) => t <= horizon)))).sort();
  if (all.length <= MAX_GRID) return all;
  return Float64Array.from({ length: MAX_GRID }, (_, i) => all[Math.round((i * (all.length - 1)) / (MAX_GRID - 1))]);
}
