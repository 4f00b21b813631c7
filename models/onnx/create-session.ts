import { TokensphereError } from "../errors.ts";
import { InferenceSession, listSupportedBackends } from "./runtime.ts";

/** How far ONNX Runtime rewrites a graph before it runs it. */
export type OptimizationLevel = "extended" | "basic" | "disabled";

/** A file of weights beside the model, under the path that the model gives it. */
export interface ExternalData {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Execution providers of ONNX Runtime, the one that is asked first, first. */
export const DEFAULT_PROVIDERS: readonly string[] = ["cpu"];

/** What is said of a session when it is made. */
export interface RuntimeOptions {
  /** Threads within an operator, ≥ 1. */
  readonly threads: number;
  /** Whether threads that wait for work spin, which takes the core that other arithmetic needs; default false. */
  readonly spin?: boolean;
  readonly level: OptimizationLevel;
  /** Default {@link DEFAULT_PROVIDERS}. Operators that none of them has run on the CPU. */
  readonly providers?: readonly string[];
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

/** Nothing is printed. */
export const SILENT = 4;

/**
 * The one maker of sessions: whoever makes one releases it.
 *
 * @throws Error where the runtime refuses the graph or the providers, in its own words.
 */
export function createSession(model: Uint8Array, options: RuntimeOptions): Promise<InferenceSession> {
  const { threads, level, providers = DEFAULT_PROVIDERS, foldConstants = true, externalFolder } = options;
  const { externalData = [], spin = false } = options;
  const allow_spinning = spin ? "1" : "0";
  return InferenceSession.create(model, {
    executionProviders: [...providers],
    graphOptimizationLevel: level,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: SILENT,
    extra: {
      ...(foldConstants ? {} : { optimization: { disable_specified_optimizers: "ConstantFolding" } }),
      session: {
        intra_op: { allow_spinning },
        inter_op: { allow_spinning },
        ...(externalFolder
          ? { model_external_initializers_file_folder_path: externalFolder, disable_prepacking: "1" }
          : {}),
      },
    },
    ...(externalData.length > 0 ? { externalData: [...externalData] } : {}),
  });
}

/** @throws TokensphereError `usage` where none is named, or one that this build of ONNX Runtime has not. */
export function checkProviders(providers: readonly string[]): void {
  const known: readonly string[] = listSupportedBackends().map(({ name }) => name);
  const unknown = providers.find((name) => !known.includes(name));
  if (unknown === undefined && providers.length > 0) return;
  throw new TokensphereError("usage", `providers: ${unknown ?? "none"}. known here are ${known.join(", ")}`);
}
