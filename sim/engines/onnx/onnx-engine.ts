import { option, TokensphereError } from "../../../models/errors.ts";
import { createSession } from "../../../models/onnx/create-session.ts";
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
 * Float64 velocities on ONNX Runtime: some systems a run where they are small, one where they are large. Release it
 * when done.
 *
 * @param threads - Threads of one operator, ≥ 1.
 * @throws TokensphereError `usage` where a term has no graph, `environment` where the runtime cannot be used.
 */
export async function onnxEngine(task: EngineTask, threads: number): Promise<Engine> {
  const { harmonics, symmetric = harmonics } = task.dynamics;
  const form = symmetric?.(task.params);
  return form && task.n >= LARGE ? largeCloudEngine(task, form, threads) : batchEngine(task, threads);
}

async function batchEngine({ dynamics, params, n, d }: EngineTask, threads: number): Promise<Engine> {
  const session = await openSession(velocityGraph(graphsFor({ dynamics, params }), dynamics.geometry), threads);
  const together = Math.max(1, Math.floor(RUN_BUDGET / (n * Math.max(n, d))));
  return {
    name: "ort",
    velocity: async (x, beta, logScale, batch, out) => {
      for (let from = 0; from < batch; from += together) {
        const to = Math.min(batch, from + together);
        const cloud = (values: Float64Array) =>
          new Tensor("float64", values.subarray(from * n * d, to * n * d), [to - from, n, d]);
        const scalars = (values: Float64Array) => new Tensor("float64", values.subarray(from, to), [to - from, 1, 1]);
        const feeds = { x: cloud(x), beta: scalars(beta), log_scale: scalars(logScale) };
        await session.run(feeds, { v: cloud(out) });
      }
    },
    release: () => session.release(),
  };
}

async function largeCloudEngine({ dynamics, n, d }: EngineTask, form: HarmonicForm, threads: number): Promise<Engine> {
  const session = await openSession(symmetricGraph(form, dynamics.geometry, n, d), threads);
  const cloud = (values: Float64Array, b: number) =>
    new Tensor("float64", values.subarray(b * n * d, (b + 1) * n * d), [n, d]);
  const scalar = (value: number) => new Tensor("float64", Float64Array.of(value), [1, 1]);
  return {
    name: "ort",
    velocity: async (x, beta, logScale, batch, out) => {
      for (let b = 0; b < batch; b++) {
        const factor = scalar(fieldFactor(form, beta[b], logScale[b]));
        await session.run({ x: cloud(x, b), beta: scalar(beta[b]), factor }, { v: cloud(out, b) });
      }
    },
    release: () => session.release(),
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
