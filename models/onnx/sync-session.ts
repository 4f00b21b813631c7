import { createRequire } from "node:module";
// First, so that the library finds it when it is loaded.
import "./no-telemetry.ts";

/** A loaded graph of matrices in float64 that runs while its caller waits. It is held until the process ends. */
export type SyncSession = (inputs: Readonly<Record<string, Matrix>>, outputs: Readonly<Record<string, Matrix>>) => void;

/** `[rows, columns]`, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly x: Float64Array;
}

/** Nothing is printed. */
const SILENT = 4;

const require = createRequire(import.meta.url);

/**
 * Loads a graph into ONNX Runtime, on one thread: what is small enough to be waited for is done before a second one has woken up. The
 * library's public sessions answer later, which who computes between two steps cannot wait for; this is the plain session underneath,
 * which every version that this project is pinned to has.
 *
 * @param model - Bytes of an ONNX file.
 * @returns `null` where the library has none, or cannot be loaded.
 */
export function openSyncSession(model: Uint8Array): SyncSession | null {
  try {
    const { Tensor }: typeof import("onnxruntime-node") = require("onnxruntime-node");
    const {
      binding,
      initOrt,
    }: typeof import("onnxruntime-node/dist/binding.js") = require("onnxruntime-node/dist/binding.js");
    initOrt();
    const session = new binding.InferenceSession();
    const { buffer, byteOffset, byteLength } = new Uint8Array(model);
    session.loadModel(buffer, byteOffset, byteLength, {
      graphOptimizationLevel: "disabled",
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: SILENT,
    });
    const tensors = (matrices: Readonly<Record<string, Matrix>>) =>
      Object.fromEntries(
        Object.entries(matrices).map(([name, { rows, columns, x }]) => [
          name,
          new Tensor("float64", x, [rows, columns]),
        ]),
      );
    return (inputs, outputs) => void session.run(tensors(inputs), tensors(outputs), {});
  } catch {
    return null;
  }
}
