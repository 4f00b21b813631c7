import { availableParallelism } from "node:os";
import { brainToFloat, halfToFloat } from "../arrays/half-floats.ts";
import type { RawInputs, RawTensor } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import { InferenceSession, Tensor } from "./runtime.ts";

/** How far ONNX Runtime rewrites a graph before it runs it. */
export type OptimizationLevel = "extended" | "basic" | "disabled";

/** A file of weights beside the model, under the path that the model gives it. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

export interface SessionOptions {
  /** Threads within an operator; default: as many as the machine has cores. */
  readonly threads?: number;
  /** The level tried first; default `extended`. */
  readonly level?: OptimizationLevel;
  readonly externalData?: readonly ExternalData[];
  /**
   * Folder of the files of weights that the model names. They are mapped into memory rather than read, and used where
   * they lie: no copy is made, and no pre-packed one either.
   */
  readonly externalFolder?: string;
  /**
   * Whether operators on constants alone are run once, when the model is loaded; default true. False for weights in half
   * precision: they are widened when they are used, one at a time, not all of them beforehand.
   */
  readonly foldConstants?: boolean;
}

/** A loaded graph. It holds native memory until it is closed. */
export interface Session {
  /** What ran. */
  readonly level: OptimizationLevel;
  readonly threads: number;
  /** Runs the graph; gives the outputs asked for, half precision widened to float32. */
  run(inputs: RawInputs, outputs: readonly string[]): Promise<Record<string, RawTensor>>;
  close(): Promise<void>;
}

const LEVELS: readonly OptimizationLevel[] = ["extended", "basic", "disabled"];
const SILENT = 4;

/**
 * Loads a model into ONNX Runtime on the CPU, at the highest level of optimization that it accepts.
 *
 * @throws TokensphereError `input` where no level does.
 */
export async function openSession(bytes: Uint8Array, options: SessionOptions = {}): Promise<Session> {
  const threads = options.threads ?? availableParallelism();
  let refusal: unknown;
  for (const level of LEVELS.slice(LEVELS.indexOf(options.level ?? "extended"))) {
    try {
      const session = await InferenceSession.create(bytes, runtimeOptions(level, threads, options));
      return wrap(session, level, threads);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refused("cannot load the model", refusal);
}

function runtimeOptions(
  level: OptimizationLevel,
  threads: number,
  { externalData = [], externalFolder, foldConstants = true }: SessionOptions,
): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    graphOptimizationLevel: level,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: SILENT,
    extra: {
      ...(foldConstants ? {} : { optimization: { disable_specified_optimizers: "ConstantFolding" } }),
      session: {
        intra_op: { allow_spinning: "0" },
        inter_op: { allow_spinning: "0" },
        ...(externalFolder
          ? { model_external_initializers_file_folder_path: externalFolder, disable_prepacking: "1" }
          : {}),
      },
    },
    ...(externalData.length > 0 ? { externalData: [...externalData] } : {}),
  };
}

function wrap(session: InferenceSession, level: OptimizationLevel, threads: number): Session {
  return {
    level,
    threads,
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

/** One line of what the runtime says: the node that failed where it names one, else its own first line. */
function refused(what: string, error: unknown): TokensphereError {
  const text = error instanceof Error ? error.message : String(error);
  const node = /while running (\w+) node\. Name:'([^']*)'/.exec(text);
  const line = node ? `${node[1]} node ${node[2]} failed` : text.split("\n")[0].trim().slice(0, 200);
  const remedy = "check the file, and the lengths and ids of its inputs";
  return new TokensphereError("input", `ONNX Runtime ${what}: ${line}. ${remedy}`, { cause: error });
}
