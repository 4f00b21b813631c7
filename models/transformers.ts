// First: the library loads onnxruntime-node.
import "./no-telemetry.ts";

export { AutoImageProcessor, AutoTokenizer, env, ImageProcessor, LogLevel, RawImage } from "@huggingface/transformers";
