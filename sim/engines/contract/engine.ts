import type { Dynamics } from "../../dynamics/dynamics.ts";
import type { DynamicsParams } from "../../dynamics/params.ts";

/** What an engine is made for: one dynamics with its parameters, clouds of one size. */
export interface EngineTask {
  readonly dynamics: Dynamics;
  readonly params: DynamicsParams;
  readonly n: number;
  readonly d: number;
  /** The β to come that is largest in size, as far as known. */
  readonly beta?: number | undefined;
  /** Whether any β to come is below 0. */
  readonly negative?: boolean | undefined;
}

/** Evaluates the velocity of many systems at once. All engines give the same numbers to 1e-10. */
export interface Engine {
  /** Of its kind. */
  readonly name: string;
  /**
   * Velocities of `batch` systems, times e^{−logScale}.
   *
   * @param x - `[batch, n, d]`, rows of any length but 0: the field is that of their directions.
   * @param beta - `[batch]`.
   * @param logScale - `[batch]`.
   * @param out - `[batch, n, d]`, written over. May not overlap `x`.
   * @returns A promise where the work is done elsewhere, nothing where `out` is ready on return.
   */
  readonly velocity: (
    x: Float64Array,
    beta: Float64Array,
    logScale: Float64Array,
    batch: number,
    out: Float64Array,
  ) => Promise<void> | undefined;
  readonly release: () => Promise<void>;
}

/** A way to compute velocities, and for what. */
export interface EngineKind {
  readonly name: string;
  /** In one line, for help. */
  readonly about: string;
  /** Why it cannot serve a task, as "value. remedy"; `null` where it can. */
  readonly whyNot: (task: EngineTask) => string | null;
  /**
   * Makes an engine for a task that it can serve.
   *
   * @param threads - Threads it may use, ≥ 1.
   */
  readonly open: (task: EngineTask, threads: number) => Engine | Promise<Engine>;
}
