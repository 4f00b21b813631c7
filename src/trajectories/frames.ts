import type { Cloud } from "../../probes/cloud.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import type { Outcome } from "../../sim/integrators/system-result.ts";
import type { Frames } from "../alignment/candidate.ts";
import { type SketchPlan, sketch } from "../alignment/quantile-sketch.ts";
import type { MovingFamily } from "../laws/families.ts";
import type { FitText } from "./fit-text.ts";
import { simulateFamily } from "./simulate-family.ts";

/** How finely and how far candidates are followed. */
export interface FrameOptions {
  readonly detail: FrameDetail;
  /** A trajectory ends once its mean cosine is beyond this. */
  readonly untilMeanCosine: number;
  /** Or once this says so of one β: `sketch` is of a cloud that is kept, `spent` the share of its steps that it took. Default never. */
  readonly hopeless?: (beta: number, sketch: Float64Array, spent: number) => boolean;
  readonly signal?: AbortSignal;
}

/** How closely a trajectory is followed: the search needs errors far below the misfit that it measures, and no more. */
export interface FrameDetail {
  /** Root mean square distance that tokens move between frames. */
  readonly resolution: number;
  readonly tolerance: number;
  /** Looks at the cloud in a step of the integrator, at most: it is short where much happens. */
  readonly substeps: number;
  /** Explicit steps allowed for clouds of up to 128 tokens, fewer for larger ones. USA at large β is stiff and may end here: the frames so far still count. */
  readonly maxSteps: number;
}

export const COARSE: FrameDetail = { resolution: 0.03, tolerance: 1e-4, substeps: 6, maxSteps: 250 };
/** With six looks frames of uniform tokens would lie farther apart than the resolution, and β would be out by up to .3 %. */
export const FINE: FrameDetail = { resolution: 0.01, tolerance: 1e-6, substeps: 24, maxSteps: 1500 };

/**
 * Farthest time, in units of the reciprocal of the rate at right angles: in practice none. SA at β = 40 from uniform tokens starts
 * at time 10⁹; what ends a trajectory is that it arrives, stands still or costs too much.
 */
const HORIZON = 1e15;
/** No trajectory is kept in more frames than this. */
const MOST_FRAMES = 2000;
/**
 * A trajectory also ends when nothing moved while time grew by this factor since the cloud last did: a metastable state outlives
 * any layer. It must have moved once: from time 0 every factor is infinite, and a slow start is no end.
 */
function stallFactor(beta: number): number {
  // Rates go as e^{βc}: at large β tokens whose cosines to their nearest differ by 1/4 meet at times this far apart.
  return Math.max(6, Math.exp(beta / 4));
}
/** Mean cosine of a cloud that is one point, but for what no file of states shows. */
export const COLLAPSED = 1 - 1e-6;
/** A point stays one: it is known at later times too, at so many of them, each so much later than the one before. */
const AFTER = 12;
const AFTER_RATIO = 1.25;
/**
 * Up to this many tokens steps are cheap. Beyond it their number falls as their cost grows, and the tolerance is ten times
 * wider (but never wider than the coarse one): still far below any misfit of a network.
 */
export const CHEAP_TOKENS = 128;

/** Looks while tokens move as far as between two frames: each frame is up to a third of that late. */
const LOOKS = 3;

/** A network whose inner products change by less than this (root mean square) is followed more closely, in proportion. */
const USUAL_CHANGE = 0.15;
/** Below this share of the usual detail nothing but rounding would be seen. */
const LEAST_SCALE = 1e-3;
const LEAST_TOLERANCE = 1e-10;

/** The detail for a network whose inner products change by `change` at most between the first layer and any other. */
export function detailFor(detail: FrameDetail, change: number): FrameDetail {
  const scale = detailScale(change);
  const tolerance = Math.min(detail.tolerance, Math.max(LEAST_TOLERANCE, scale * detail.tolerance));
  return { ...detail, resolution: scale * detail.resolution, tolerance };
}

/** What the usual detail is multiplied by. Where nothing changes but for rounding the usual detail is enough. */
export function detailScale(change: number): number {
  const scale = Math.min(1, change / USUAL_CHANGE);
  return scale < LEAST_SCALE ? 1 : scale;
}

/** Follows a family from the text's first cloud for many β at once; one `Frames` for each β. */
export async function simulateFrames(
  text: FitText,
  plan: SketchPlan,
  family: MovingFamily,
  betas: readonly number[],
  options: FrameOptions,
): Promise<Frames[]> {
  const { tolerance, resolution, substeps, maxSteps } = options.detail;
  const wide = text.n > CHEAP_TOKENS ? Math.min(10 * tolerance, COARSE.tolerance) : tolerance;
  const keepers = betas.map((beta) => frameKeeper(plan, beta, options));
  const results = await simulateFamily(
    family,
    text,
    betas,
    {
      times: [0, HORIZON],
      rtol: wide,
      atol: wide,
      effort: Math.min(1, maxSteps / COARSE.maxSteps),
      maxSteps: Math.ceil(maxSteps * Math.min(1, (CHEAP_TOKENS / text.n) ** 2)),
      ...(options.signal ? { signal: options.signal } : {}),
    },
    {
      save: (system, _index, t, cloud) => keepers[system].offer(t, cloud),
      step: (system, t, cloud, spent) => keepers[system].offer(t, cloud, spent),
      substeps: (moved) => Math.min(substeps, Math.max(1, Math.ceil((LOOKS * moved) / resolution))),
    },
  );
  return betas.map((beta, b) => {
    const { ended, ...frames } = keepers[b].frames();
    return { beta, ...frames, cut: ended || GIVEN_UP.has(results[b].outcome) };
  });
}

const GIVEN_UP: ReadonlySet<Outcome> = new Set(["step limit", "step underflow", "time overflow", "blow-up"]);

interface FrameKeeper {
  /** Looks at a saved cloud; false ends the trajectory. */
  offer(t: number, cloud: Cloud, spent?: number): boolean;
  /** `ended`: because there were too many, or nothing was hoped for. */
  frames(): { times: Float64Array; sketches: Float32Array; ended: boolean };
}

function frameKeeper(plan: SketchPlan, beta: number, options: FrameOptions): FrameKeeper {
  const factor = stallFactor(beta);
  const blocks = plan.weights.length;
  const times: number[] = [];
  const sketches: Float64Array[] = [];
  let last: Float64Array | null = null;
  let ended = false;
  const keep = (t: number, cloud: Cloud): void => {
    const values = new Float64Array(blocks);
    sketch(plan, cloud, values, 0);
    times.push(t);
    sketches.push(values);
    last ??= new Float64Array(cloud.x.length);
    last.set(cloud.x);
  };
  const hold = (t: number): void => {
    times.push(t);
    sketches.push(sketches[sketches.length - 1]);
  };
  return {
    offer(t, cloud, spent = 0) {
      const [latest] = times.slice(-1);
      if (t === latest) return true;
      const stalled = latest > 0 && t > 1 && t > factor * latest;
      if (last === null || stalled || t === HORIZON || rmsDistance(last, cloud) >= options.detail.resolution) {
        keep(t, cloud);
        ended =
          times.length >= MOST_FRAMES || (options.hopeless?.(beta, sketches[sketches.length - 1], spent) ?? false);
      }
      if (stalled || ended) return false;
      const cosine = meanCosine(cloud);
      if (cosine < options.untilMeanCosine) return true;
      if (times[times.length - 1] < t) keep(t, cloud);
      if (cosine >= COLLAPSED && t > 0) for (let k = 1; k <= AFTER; k++) hold(t * AFTER_RATIO ** k);
      return false;
    },
    frames() {
      const all = new Float32Array(times.length * blocks);
      sketches.forEach((values, f) => {
        all.set(values, f * blocks);
      });
      return { times: Float64Array.from(times), sketches: all, ended };
    },
  };
}

function rmsDistance(before: Float64Array, cloud: Cloud): number {
  let sum = 0;
  for (let i = 0; i < before.length; i++) sum += (before[i] - cloud.x[i]) ** 2;
  return Math.sqrt(sum / cloud.n);
}
