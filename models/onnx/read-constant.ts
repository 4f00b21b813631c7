import { join } from "node:path";
import { asFloat32 } from "../arrays/as-float32.ts";
import { openBytes } from "../arrays/file-bytes.ts";
import { tensorBytes } from "./check-graph.ts";
import type { OnnxTensor } from "./graph.ts";

/** Where the numbers of a graph's constants lie: in the model file, or in files of a folder (null: in none that stays). */
export interface ConstantPlace {
  readonly bytes: Uint8Array;
  readonly folder: string | null;
}

/**
 * The numbers of a floating-point constant as float32, row-major.
 *
 * @returns null for another type, or where they lie in typed fields or nowhere that stays.
 * @throws TokensphereError `input` for a file of weights that is gone or too short.
 */
export async function readConstant(tensor: OnnxTensor, { bytes, folder }: ConstantPlace): Promise<Float32Array | null> {
  const size = tensorBytes(tensor);
  const view = Object.hasOwn(VIEWS, tensor.dtype) ? VIEWS[tensor.dtype] : null;
  if (size === null || view === null) return null;
  const { location } = tensor;
  if (location.kind === "raw")
    return asFloat32({ dtype: tensor.dtype, data: view(bytes.slice(location.start, location.end)) });
  if (location.kind === "fields" || folder === null) return null;
  const file = await openBytes(join(folder, location.path), "weight");
  try {
    const data = await file.read(location.offset, location.offset + size);
    return asFloat32({ dtype: tensor.dtype, data: view(data) });
  } finally {
    await file.close();
  }
}

/** Bytes at an address of their own as numbers of a type. */
const VIEWS: Readonly<Record<string, (bytes: Uint8Array<ArrayBuffer>) => Float32Array | Float64Array | Uint16Array>> = {
  float16: ({ buffer }) => new Uint16Array(buffer),
  bfloat16: ({ buffer }) => new Uint16Array(buffer),
  float32: ({ buffer }) => new Float32Array(buffer),
  float64: ({ buffer }) => new Float64Array(buffer),
};
