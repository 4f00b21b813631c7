import type { Geometry, Schedule } from "../dynamics/dynamics.ts";
import type { Engine } from "../engines/contract/engine.ts";
import type { Watch } from "../events/watch.ts";

/** One system to integrate. */
export interface ProblemSystem {
  readonly beta: number;
  /** Velocities are computed times e^{−logScale}, so that none overflows: τ = e^{logScale} t. */
  readonly logScale: number;
  /** Times are told in units in which τ = e^{clock} times them. Default `logScale`: those of the equation. */
  readonly clock?: number;
  /** Unit rows, `[n, d]`. */
  readonly x0: Float64Array;
}

/** The equation with its starts: what is integrated, not how. */
export interface Problem {
  readonly engine: Engine;
  readonly geometry: Geometry;
  /** Where the velocity depends on time: how. */
  readonly schedule?: Schedule | undefined;
  /** A cloud that is a point rests. */
  readonly contracts: boolean;
  /** Tokens that coincide stay so. */
  readonly merges: boolean;
  /** Distance below which the equation takes tokens for one point. */
  readonly samePoint: number;
  readonly n: number;
  readonly d: number;
  readonly systems: readonly ProblemSystem[];
}

/** Looks at a step, ≥ 1: so many, or as many as its length asks for, the root mean square distance that its tokens move. */
export type Substeps = number | ((moved: number) => number);

/** What is kept, and whom to tell. */
export interface Saving {
  /** Sorted, ≥ 0. */
  readonly times: Float64Array;
  /**
   * Called at every save time of every system, in order of time for each system.
   *
   * @param x - `[n, d]`, valid during the call only.
   * @returns False to stop this system.
   */
  readonly save: (system: number, timeIndex: number, x: Float64Array) => boolean;
  /**
   * Called `substeps` times in every accepted step, evenly spaced, the last at its end: motion sets the pace, not a list of
   * times. Returns false to stop this system.
   */
  readonly follow?: (system: number, t: number, x: Float64Array, spent: number) => boolean;
  readonly substeps?: Substeps;
  /** Events to look for. */
  readonly watch?: Watch;
  /** Called with the fraction of all saves done or given up. */
  readonly progress: (fraction: number) => void;
}
