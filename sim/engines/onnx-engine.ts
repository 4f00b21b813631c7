import { InferenceSession, Tensor } from "onnxruntime-node";
import { TokensphereError } from "../../models/errors.ts";
import type { Engine, EngineTask } from "./engine.ts";
import { velocityGraph } from "./velocity-graph.ts";

/** Spinning off: idle threads would take the core that the next step's arithmetic needs. Severity 4: nothing is printed. */
function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "extended",
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
}

/**
 * Batched float64 velocities on ONNX Runtime. The session's sizes are free, so one session serves every batch.
 * Release it when done.
 *
 * @param threads - Threads of one operator, ≥ 1.
 * @throws TokensphereError `environment` where the runtime cannot be used.
 */
export async function onnxEngine({ dynamics, params, n, d }: EngineTask, threads: number): Promise<Engine> {
  const session = await openSession(velocityGraph(dynamics.terms(params), dynamics.geometry), threads);
  const cloud = (values: Float64Array, batch: number) =>
    new Tensor("float64", values.subarray(0, batch * n * d), [batch, n, d]);
  const scalars = (values: Float64Array, batch: number) =>
    new Tensor("float64", values.subarray(0, batch), [batch, 1, 1]);
  return {
    name: "ort",
    velocity: async (x, beta, logScale, batch, out) => {
      const feeds = { x: cloud(x, batch), beta: scalars(beta, batch), log_scale: scalars(logScale, batch) };
      await session.run(feeds, { v: cloud(out, batch) });
    },
    release: () => session.release(),
  };
}

async function openSession(model: Uint8Array, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, sessionOptions(threads));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new TokensphereError("environment", `onnx runtime: ${reason}. use --engine ts`, { cause });
  }
}
