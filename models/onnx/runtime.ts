// First, so that the library finds it when it is loaded: modules are evaluated in the order of their imports.
import "./no-telemetry.ts";

export { InferenceSession, listSupportedBackends, Tensor } from "onnxruntime-node";
