import { graphBuilder } from "../../models/onnx/graph-builder.ts";
import { encodeModel } from "../../models/onnx/writer.ts";

/** A, B ↦ ABᵀ as an ONNX model in float64, any size: inputs `a` `[n, d]` and `b` `[m, d]`, output `gram` `[n, m]`. */
export function gramGraph(): Uint8Array {
  const builder = graphBuilder("float64");
  const [a, b] = [builder.input("a", "float64", ["n", "d"]), builder.input("b", "float64", ["m", "d"])];
  const gram = builder.op("Gemm", [a, b], { transB: { int: 1 } }, "gram");
  builder.output({ name: gram, type: "float64", dims: ["n", "m"] });
  return encodeModel(builder.finish());
}
