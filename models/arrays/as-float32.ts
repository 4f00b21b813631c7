import { brainToFloat, halfToFloat } from "./half-floats.ts";
import type { RawTensor } from "./raw-tensor.ts";

/** Floating point of any precision as float32 (float16 and bfloat16 exactly, float64 rounded); null for other types. */
export function asFloat32({ dtype, data }: Pick<RawTensor, "dtype" | "data">): Float32Array | null {
  if (dtype === "float32") return data as Float32Array;
  if (dtype === "float64") return Float32Array.from(data as Float64Array);
  if (dtype === "float16") return halfToFloat(data as Uint16Array);
  if (dtype === "bfloat16") return brainToFloat(data as Uint16Array);
  return null;
}
