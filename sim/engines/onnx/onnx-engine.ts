import { option, TokensphereError } from "../../../models/errors.ts";
import { createSession } from "../../../models/onnx/create-session.ts";
import type { Precision } from "../../../models/onnx/graph-builder.ts";
import { type InferenceSession, Tensor } from "../../../models/onnx/runtime.ts";
import type { HarmonicForm } from "../../dynamics/dynamics.ts";
import type { Engine, EngineTask } from "../contract/engine.ts";
import { fieldFactor } from "../contract/field-factor.ts";
import { graphsFor } from "./graphs-for.ts";
import { symmetricGraph } from "./symmetric-graph.ts";
import { velocityGraph } from "./velocity-graph.ts";

/** Numbers in one n × n or n × d array of all systems of a run: more only fall out of the caches. */
const RUN_BUDGET = 2 ** 18;

/** Tokens from which the weights of one cloud are too many for one array, and one cloud enough for all threads. */
const LARGE = 192;

/**
 * Velocities on ONNX Runtime: some systems a run where they are small, one where they are large. Release it when done.
 *
 * @param threads - Threads of one operator, ≥ 1.
 * @throws TokensphereError `usage` where a term has no graph, `environment` where the runtime cannot be used.
 */
export async function onnxEngine(task: EngineTask, threads: number): Promise<Engine> {
  const form = task.dynamics.harmonics?.(task.params);
  return form && task.n >= LARGE ? largeCloudEngine(task, form, threads) : batchEngine(task, threads);
}

async function batchEngine(task: EngineTask, threads: number): Promise<Engine> {
  const { dynamics, params, n, d, precision = "float64" } = task;
  const graph = velocityGraph(graphsFor({ dynamics, params }), dynamics.geometry, precision);
  const session = await openSession(graph, threads);
  const together = Math.max(1, Math.floor(RUN_BUDGET / (n * Math.max(n, d))));
  const result = resultOf(precision, together * n * d);
  return {
    name: "ort",
    velocity: async (x, beta, logScale, batch, out) => {
      for (let from = 0; from < batch; from += together) {
        const to = Math.min(batch, from + together);
        const cloud = [to - from, n, d];
        const scalars = (values: Float64Array) => tensorOf(precision, values.subarray(from, to), [to - from, 1, 1]);
        const points = tensorOf(precision, x.subarray(from * n * d, to * n * d), cloud);
        const feeds = { x: points, beta: scalars(beta), log_scale: scalars(logScale) };
        await result(out.subarray(from * n * d, to * n * d), cloud, (v) => session.run(feeds, { v }));
      }
    },
    release: () => session.release(),
  };
}

async function largeCloudEngine(task: EngineTask, form: HarmonicForm, threads: number): Promise<Engine> {
  const { n, d, precision = "float64" } = task;
  const session = await openSession(symmetricGraph(form, n, d, precision), threads);
  const result = resultOf(precision, n * d);
  const scalar = (value: number) => tensorOf(precision, Float64Array.of(value), [1, 1]);
  return {
    name: "ort",
    velocity: async (x, beta, logScale, batch, out) => {
      for (let b = 0; b < batch; b++) {
        const own = (values: Float64Array) => values.subarray(b * n * d, (b + 1) * n * d);
        const factor = scalar(fieldFactor(form, beta[b], logScale[b]));
        const feeds = { x: tensorOf(precision, own(x), [n, d]), beta: scalar(beta[b]), factor };
        await result(own(out), [n, d], (v) => session.run(feeds, { v }));
      }
    },
    release: () => session.release(),
  };
}

function tensorOf(precision: Precision, values: Float64Array, dims: readonly number[]): Tensor {
  return precision === "float64"
    ? new Tensor("float64", values, dims)
    : new Tensor("float32", new Float32Array(values), dims);
}

/** Has a run write into an array of float64: itself, or by way of one of float32 with up to `size` numbers, which is kept. */
function resultOf(precision: Precision, size: number) {
  const single = precision === "float32" ? new Float32Array(size) : null;
  return async (out: Float64Array, dims: readonly number[], run: (v: Tensor) => Promise<unknown>): Promise<void> => {
    const numbers = single?.subarray(0, out.length);
    await run(numbers ? new Tensor("float32", numbers, dims) : new Tensor("float64", out, dims));
    if (numbers) out.set(numbers);
  };
}

/**
 * Loads a graph into ONNX Runtime; whoever opens a session releases it.
 *
 * @param model - Bytes of an ONNX file.
 * @param threads - Threads it may use, ≥ 1.
 * @throws TokensphereError `environment` where the runtime cannot be used.
 */
export async function openSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await createSession(model, { threads, level: "extended" });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new TokensphereError("environment", `onnx runtime: ${reason}. use ${option("engine", "ts")}`, { cause });
  }
}
