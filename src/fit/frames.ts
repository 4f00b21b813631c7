import type { Cloud } from "../../probes/cloud.ts";
import { meanVectorNorm } from "../../probes/mean-vector-norm.ts";
import { simulate } from "../../sim/simulate.ts";
import type { FitText } from "./fit-text.ts";
import { type SketchPlan, sketch } from "./quantile-sketch.ts";

/**
 * One simulated trajectory as the fit keeps it: sketches of the inner products at times chosen so that the cloud moved by about
 * the same length between any two. Between frames a sketch is interpolated linearly in time.
 */
export interface Frames {
  readonly beta: number;
  /** Increasing, the first 0. */
  readonly times: Float64Array;
  /** `[frames, blocks]`. */
  readonly sketches: Float64Array;
}

/** How finely and how far candidates are followed. */
export interface FrameOptions {
  /** Root mean square distance that tokens move between frames. */
  readonly resolution: number;
  /** A trajectory ends once its mean cosine is beyond this. */
  readonly untilMeanCosine: number;
  readonly signal?: AbortSignal;
}

/** Farthest time, in units of the reciprocal of the slowest rate that matters (both dynamics: 1 for tokens at right angles). */
const HORIZON = 300;
/** A trajectory also ends when nothing moved while time grew by this factor: a metastable state outlives any layer. */
const STALL_FACTOR = 6;
/** Explicit steps allowed for one candidate. USA at large β is stiff and may end here: the frames so far still count. */
const MAX_STEPS = 1200;
/** The search needs only that errors stay far below the misfit it measures. */
const TOLERANCE = 1e-7;

/** Follows the dynamics from the text's first cloud for many β at once; one `Frames` for each β. */
export async function simulateFrames(
  text: FitText,
  plan: SketchPlan,
  dynamics: "sa" | "usa",
  betas: readonly number[],
  options: FrameOptions,
): Promise<Frames[]> {
  const start = Float64Array.from(text.clouds[0].x);
  const fastest = dynamics === "usa" ? Math.exp(-Math.max(...betas)) : 1;
  const times = geometricTimes(1e-3 * fastest, HORIZON, 1.04);
  const keepers = betas.map(() => frameKeeper(plan, options));
  await simulate(
    {
      dynamics,
      n: text.n,
      d: text.d,
      systems: betas.map((beta) => ({ beta, x0: start })),
      times,
      rtol: TOLERANCE,
      atol: TOLERANCE,
      maxSteps: MAX_STEPS,
      ...(options.signal ? { signal: options.signal } : {}),
    },
    { save: (system, _index, t, cloud) => keepers[system].offer(t, cloud) },
  );
  return betas.map((beta, b) => ({ beta, ...keepers[b].frames() }));
}

/** 0 and then times growing by `ratio` from `first` to `last`. */
export function geometricTimes(first: number, last: number, ratio: number): Float64Array {
  const count = Math.ceil(Math.log(last / first) / Math.log(ratio));
  return Float64Array.from({ length: count + 2 }, (_, i) =>
    i === 0 ? 0 : first * (last / first) ** ((i - 1) / count),
  );
}

interface FrameKeeper {
  /** Looks at a saved cloud; false ends the trajectory. */
  offer(t: number, cloud: Cloud): boolean;
  frames(): { times: Float64Array; sketches: Float64Array };
}

function frameKeeper(plan: SketchPlan, options: FrameOptions): FrameKeeper {
  const blocks = plan.weights.length;
  const times: number[] = [];
  const sketches: Float64Array[] = [];
  let last: Float64Array | null = null;
  const keep = (t: number, cloud: Cloud): void => {
    const values = new Float64Array(blocks);
    sketch(plan, cloud, values, 0);
    times.push(t);
    sketches.push(values);
    last = Float64Array.from(cloud.x);
  };
  return {
    offer(t, cloud) {
      if (last === null || rmsDistance(last, cloud) >= options.resolution) keep(t, cloud);
      else if (t > 1 && t > STALL_FACTOR * times[times.length - 1]) {
        keep(t, cloud);
        return false;
      }
      if (meanCosine(cloud) < options.untilMeanCosine) return true;
      if (times[times.length - 1] < t) keep(t, cloud);
      return false;
    },
    frames() {
      const all = new Float64Array(times.length * blocks);
      sketches.forEach((values, f) => {
        all.set(values, f * blocks);
      });
      return { times: Float64Array.from(times), sketches: all };
    },
  };
}

/** Mean inner product over pairs i ≠ j of unit vectors, without forming them: (n‖mean‖² − 1)/(n − 1). */
function meanCosine(cloud: Cloud): number {
  return (cloud.n * meanVectorNorm(cloud) ** 2 - 1) / (cloud.n - 1);
}

function rmsDistance(before: Float64Array, cloud: Cloud): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (before[i] - cloud.x[i]) ** 2;
  return Math.sqrt(sum / cloud.n);
}
