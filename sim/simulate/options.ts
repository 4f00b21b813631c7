import type { Cloud } from "../../probes/cloud.ts";
import type { DynamicsChoice } from "../dynamics/dynamics-table.ts";
import type { DynamicsParams } from "../dynamics/params.ts";
import type { EngineChoice } from "../engines/choose-engine.ts";
import type { EventRule, SimulationEvent } from "../events/event.ts";
import type { Substeps } from "../integrators/problem.ts";
import type { MethodChoice } from "../methods/methods.ts";

/** One start: a value of β and a cloud. Systems may share one `x0` array. */
export interface SimulationSystem {
  readonly beta: number;
  /** `[n, d]`, row-major; rows are divided by their length. Not changed. */
  readonly x0: Float64Array;
}

/** What an engine is told of the β to come. */
export function betasOf(systems: readonly SimulationSystem[]): { readonly beta: number; readonly negative: boolean } {
  const beta = systems.reduce((most, system) => (Math.abs(system.beta) > Math.abs(most) ? system.beta : most), 0);
  return { beta, negative: systems.some((system) => system.beta < 0) };
}

/** What `simulate` integrates, and how. */
export interface SimulateOptions {
  /**
   * `exp`: `times`, and all times that are told, are e^β t, in which the rates of USA and the like stay of order 1. Default `one`.
   */
  readonly timeUnit?: "one" | "exp" | undefined;
  /** A name of `DYNAMICS`, or a value: see `defineDynamics`. */
  readonly dynamics: DynamicsChoice;
  /** Tokens. */
  readonly n: number;
  /** Width. */
  readonly d: number;
  readonly systems: readonly SimulationSystem[];
  /** Times at which clouds are handed over: sorted, finite, ≥ 0. */
  readonly times: Float64Array | readonly number[];
  /** Q, K, V, weights, alpha, tau, heads, layers, data or whatever the dynamics reads. */
  readonly params?: DynamicsParams | undefined;
  /** Events to look for; their times do not depend on steps or `times`. Those that happened are in the result. */
  readonly events?: readonly EventRule[] | undefined;
  /** Default `tsit5`; `dop853` is cheaper at tight tolerances. `euler`, `heun` and `rk4` need `step`. Or a value: see `defineMethod`. */
  readonly method?: MethodChoice | undefined;
  /** A fixed step; left out, an embedded pair chooses its own. */
  readonly step?: number | undefined;
  /** Error allowed in a step, relative to a token's length. Default 1e-9. */
  readonly rtol?: number | undefined;
  /** Error allowed in a step, absolute. Default 1e-9. */
  readonly atol?: number | undefined;
  /** Default `auto`: by size. Or a value: a kind, or an engine that is kept. On exponentially slow plateaus `ts` and `simd` keep their relative accuracy, `ort` 1e-16 in all. */
  readonly engine?: EngineChoice | undefined;
  /** Steps and rejections after which a system is given up, in each piece of a schedule. Default 100 000. */
  readonly maxSteps?: number | undefined;
  /** Integrate in min(n, d) coordinates where the dynamics allows. Default true. */
  readonly reduce?: boolean | undefined;
  /**
   * Let tokens that have come within four tolerances of each other go on as one, where the dynamics keeps what coincides
   * together; not with a fixed step. Slow plateaus then cost little. Default true.
   */
  readonly merge?: boolean | undefined;
  /** Hand clouds to `save` in all d coordinates. Default false. */
  readonly lift?: boolean | undefined;
  /** Threads of ONNX Runtime. Default: the processor's. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Who is told what happens on the way. */
export interface SimulationObserver {
  /**
   * Called at every save time of every system, in order of time for each system.
   *
   * @param cloud - Valid during the call only; in reduced coordinates (inner products are the same) unless `lift`.
   * @returns `false` to stop this system.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: an observer that never stops a system returns nothing.
  readonly save?: (system: number, timeIndex: number, t: number, cloud: Cloud) => void | boolean;
  /**
   * Called `substeps` times in every accepted step: motion sets the pace. Arguments and result as for `save`, with the
   * system's own time.
   *
   * @param spent - Share of `maxSteps` that the system has taken.
   */
  readonly step?: (system: number, t: number, cloud: Cloud, spent: number) => undefined | boolean;
  /** A number, or one for each step from the root mean square distance that its tokens move. Default 1. */
  readonly substeps?: Substeps;
  /** Called at every event of `events`, in order of time for each system. */
  readonly event?: (system: number, event: SimulationEvent, cloud: Cloud) => void;
  /** Called about once a percent with the fraction of the work done, by saves. */
  readonly progress?: (fraction: number) => void;
}
