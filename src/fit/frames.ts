import type { Cloud } from "../../probes/cloud.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import type { MovingFamily } from "./families.ts";
import type { FitText } from "./fit-text.ts";
import { type SketchPlan, sketch } from "./quantile-sketch.ts";
import { simulateFamily } from "./simulate-family.ts";

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
  readonly detail: FrameDetail;
  /** A trajectory ends once its mean cosine is beyond this. */
  readonly untilMeanCosine: number;
  readonly signal?: AbortSignal;
}

/** How closely a trajectory is followed: the search needs errors far below the misfit that it measures, and no more. */
export interface FrameDetail {
  /** Root mean square distance that tokens move between frames. */
  readonly resolution: number;
  readonly tolerance: number;
  /** Looks at the cloud in each step of the integrator, which is short where much happens. */
  readonly substeps: number;
  /** Explicit steps allowed for clouds of up to 128 tokens, fewer for larger ones. USA at large β is stiff and may end here: the frames so far still count. */
  readonly maxSteps: number;
}

export const COARSE: FrameDetail = { resolution: 0.03, tolerance: 1e-4, substeps: 6, maxSteps: 250 };
export const FINE: FrameDetail = { resolution: 0.01, tolerance: 1e-6, substeps: 6, maxSteps: 1500 };

/** Farthest time, in units of the reciprocal of the slowest rate that matters (of SA and USA: 1 for tokens at right angles). */
const HORIZON = 300;
/**
 * A trajectory also ends when nothing moved while time grew by this factor since the cloud last did: a metastable state outlives
 * any layer. It must have moved once: from time 0 every factor is infinite, and a slow start is no end.
 */
const STALL_FACTOR = 6;
/**
 * Up to this many tokens steps are cheap. Beyond it their number falls as their cost grows, and the tolerance is ten times
 * wider (but never wider than the coarse one): still far below any misfit of a network.
 */
export const CHEAP_TOKENS = 128;

/** Follows a family from the text's first cloud for many β at once; one `Frames` for each β. */
export async function simulateFrames(
  text: FitText,
  plan: SketchPlan,
  family: MovingFamily,
  betas: readonly number[],
  options: FrameOptions,
): Promise<Frames[]> {
  const { tolerance, substeps, maxSteps } = options.detail;
  const wide = text.n > CHEAP_TOKENS ? Math.min(10 * tolerance, COARSE.tolerance) : tolerance;
  const start = Float64Array.from(text.clouds[0].x);
  const keepers = betas.map(() => frameKeeper(plan, options));
  await simulateFamily(
    family,
    {
      n: text.n,
      d: text.d,
      systems: betas.map((beta) => ({ beta, x0: start })),
      times: [0, HORIZON],
      rtol: wide,
      atol: wide,
      maxSteps: Math.ceil(maxSteps * Math.min(1, (CHEAP_TOKENS / text.n) ** 2)),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    {
      save: (system, _index, t, cloud) => keepers[system].offer(t, cloud),
      step: (system, t, cloud) => keepers[system].offer(t, cloud),
      substeps,
    },
  );
  return betas.map((beta, b) => ({ beta, ...keepers[b].frames() }));
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
      const [latest] = times.slice(-1);
      if (t === latest) return true;
      const stalled = latest > 0 && t > 1 && t > STALL_FACTOR * latest;
      if (last === null || stalled || t === HORIZON || rmsDistance(last, cloud) >= options.detail.resolution)
        keep(t, cloud);
      if (stalled) return false;
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

function rmsDistance(before: Float64Array, cloud: Cloud): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (before[i] - cloud.x[i]) ** 2;
  return Math.sqrt(sum / cloud.n);
}
