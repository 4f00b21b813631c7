import type { EngineKind } from "../contract/engine.ts";
import { whyNoGraph } from "./graphs-for.ts";

/** ONNX Runtime, which is loaded when it is wanted: that takes a fifth of a second. */
export const ort: EngineKind = {
  name: "ort",
  about: "ONNX Runtime: any size, all threads on one operator, where every term has a graph",
  whyNot: whyNoGraph,
  open: async (task, threads) => (await import("./onnx-engine.ts")).onnxEngine(task, threads),
};
