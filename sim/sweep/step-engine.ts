import type { Precision } from "../../models/onnx/graph-builder.ts";
import { Tensor } from "../../models/onnx/runtime.ts";
import type { EngineTask } from "../engines/contract/engine.ts";
import { graphsFor } from "../engines/onnx/graphs-for.ts";
import { openSession } from "../engines/onnx/onnx-engine.ts";
import { type StepTask, stepGraph } from "./step-graph.ts";

/** Real numbers in the precision of the engine. */
export type Reals = Float32Array | Float64Array;

/** Tries whole steps of many systems at once, in its own arrays: lane l holds the l-th part of each. */
export interface StepEngine {
  readonly capacity: number;
  /** Read by `run`. States `[n, d]` and their slopes; the step to try, in scaled time. */
  readonly inputs: Readonly<Record<"x" | "slope" | "step" | "beta" | "log_scale", Reals>>;
  /** Written by `run`: see `stepGraph`. */
  readonly outputs: Readonly<Record<"next" | "next_slope" | "error" | "cosines" | "rates", Reals>>;
  /** Tries the steps of lanes 0 … active − 1. A step of length 0 gives the slope, cosines and rates of the state itself. */
  readonly run: (active: number) => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Opens a step on ONNX Runtime. Release it when done.
 *
 * @param capacity - Lanes.
 * @param threads - Threads of one operator, ≥ 1.
 * @throws TokensphereError `usage` where a term has no graph, `environment` where the runtime cannot be used.
 */
export async function stepEngine(
  { dynamics, params, n, d }: EngineTask,
  { method, tolerances }: Pick<StepTask, "method" | "tolerances">,
  precision: Precision,
  capacity: number,
  threads: number,
): Promise<StepEngine> {
  const task = { graphs: graphsFor({ dynamics, params }), geometry: dynamics.geometry, method, tolerances };
  const session = await openSession(stepGraph(task, precision), threads);
  const reals = (size: number): Reals =>
    precision === "float32" ? new Float32Array(capacity * size) : new Float64Array(capacity * size);
  const [cloud, pairs] = [() => reals(n * d), () => reals(n * n)];
  const inputs = { x: cloud(), slope: cloud(), step: reals(1), beta: reals(1), log_scale: reals(1) };
  const outputs = { next: cloud(), next_slope: cloud(), error: reals(1), cosines: pairs(), rates: pairs() };
  const dims: Readonly<Record<string, readonly [number, number]>> = {
    ...{ x: [n, d], slope: [n, d], next: [n, d], next_slope: [n, d], cosines: [n, n], rates: [n, n] },
    ...{ step: [1, 1], beta: [1, 1], log_scale: [1, 1], error: [1, 1] },
  };
  const tensors = (arrays: Readonly<Record<string, Reals>>, active: number) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => {
        const [rows, columns] = dims[name];
        return [name, new Tensor(precision, array.subarray(0, active * rows * columns), [active, rows, columns])];
      }),
    );
  return {
    capacity,
    inputs,
    outputs,
    run: async (active) => void (await session.run(tensors(inputs, active), tensors(outputs, active))),
    release: () => session.release(),
  };
}
