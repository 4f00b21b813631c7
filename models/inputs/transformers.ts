// First: the library loads onnxruntime-node.
import "../onnx/no-telemetry.ts";

export { AutoImageProcessor, AutoTokenizer, env, ImageProcessor, LogLevel, RawImage } from "@huggingface/transformers";
