import { availableParallelism } from "node:os";
import { brainToFloat, halfToFloat } from "../arrays/half-floats.ts";
import type { RawInputs, RawTensor } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import {
  checkProviders,
  createSession,
  DEFAULT_PROVIDERS,
  type OptimizationLevel,
  type RuntimeOptions,
  SILENT,
} from "./create-session.ts";
import { type InferenceSession, Tensor } from "./runtime.ts";

/** What is said of a session; by default it has all cores and the level tried first is `extended`. */
export type SessionOptions = Partial<RuntimeOptions>;

/** A loaded graph. It holds native memory until it is closed. */
export interface Session {
  /** What ran. */
  readonly level: OptimizationLevel;
  readonly threads: number;
  readonly providers: readonly string[];
  /** Runs the graph; gives the outputs asked for, half precision widened to float32. */
  run(inputs: RawInputs, outputs: readonly string[]): Promise<Record<string, RawTensor>>;
  close(): Promise<void>;
}

const LEVELS: readonly OptimizationLevel[] = ["extended", "basic", "disabled"];

/**
 * Loads a model into ONNX Runtime, at the highest level of optimization that it accepts.
 *
 * @throws TokensphereError `usage` for a provider that is not known, `input` where no level accepts the model, `environment`
 *   where that may be for a provider other than the CPU.
 */
export async function openSession(bytes: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const { threads = availableParallelism(), providers = DEFAULT_PROVIDERS } = options;
  checkProviders(providers);
  let refusal: unknown;
  for (const level of LEVELS.slice(LEVELS.indexOf(options.level ?? "extended"))) {
    try {
      const session = await createSession(bytes, { ...options, threads, level, providers });
      return wrap(session, { level, threads, providers });
    } catch (error) {
      refusal ??= error;
    }
  }
  if (providers.some((name) => name !== "cpu")) throw notProvided(providers, refusal);
  throw refused("cannot load the model", refusal);
}

function wrap(session: InferenceSession, what: Pick<Session, "level" | "threads" | "providers">): Session {
  return {
    ...what,
    async run(inputs, outputs) {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, toRuntime(tensor)]));
      try {
        const results = await session.run(feeds, [...outputs], { logSeverityLevel: SILENT });
        return Object.fromEntries(outputs.map((name) => [name, fromRuntime(results[name])]));
      } catch (error) {
        throw refused("cannot run the model on this input", error);
      }
    },
    close: () => session.release(),
  };
}

function toRuntime({ dtype, shape, data }: RawTensor): Tensor {
  return new Tensor(dtype as "float32", data as Float32Array, shape);
}

function fromRuntime(tensor: Tensor): RawTensor {
  const { type, dims, data } = tensor;
  if (type === "float16") return { dtype: "float32", shape: dims, data: halfToFloat(bits(data)) };
  if ((type as string) === "bfloat16") return { dtype: "float32", shape: dims, data: brainToFloat(bits(data)) };
  return { dtype: type, shape: dims, data: data as Float32Array };
}

/** Half precision comes as bits; newer engines hand out a Float16Array over the same bytes. */
function bits(data: Tensor["data"]): Uint16Array {
  const view = data as unknown as Uint16Array;
  return view instanceof Uint16Array
    ? view
    : new Uint16Array((view as Uint16Array).buffer, (view as Uint16Array).byteOffset, (view as Uint16Array).length);
}

function notProvided(providers: readonly string[], cause: unknown): TokensphereError {
  const text = firstLine(cause instanceof Error ? cause.message : String(cause));
  const what = `ONNX Runtime cannot load the model with providers ${providers.join(", ")}: ${text}`;
  return new TokensphereError("environment", `${what}. install what they need, or take cpu`, { cause });
}

function firstLine(text: string): string {
  return text.split("\n")[0].trim().slice(0, 200);
}

/** One line of what the runtime says: the node that failed where it names one, else its own first line. */
function refused(what: string, error: unknown): TokensphereError {
  const text = error instanceof Error ? error.message : String(error);
  const node = /while running (\w+) node\. Name:'([^']*)'/.exec(text);
  const line = node ? `${node[1]} node ${node[2]} failed` : firstLine(text);
  const remedy = "check the file, and the lengths and ids of its inputs";
  return new TokensphereError("input", `ONNX Runtime ${what}: ${line}. ${remedy}`, { cause: error });
}
