// First, so that the library finds it when it is loaded: modules are evaluated in the order of their imports.
import "./no-telemetry.ts";

export { InferenceSession, Tensor } from "onnxruntime-node";
