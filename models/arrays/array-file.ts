import type { RawTensor } from "./raw-tensor.ts";

/**
 * Named arrays in a file of any kind that is read: .npz, .safetensors, or .npy (one array, named `hidden_states`).
 * Headers and values are read when asked for. It holds the file until it is closed.
 */
export interface ArrayFile {
  readonly path: string;
  /** In the order of the file. */
  readonly names: readonly string[];
  /** Words that a safetensors file carries beside its tensors. */
  readonly metadata: Readonly<Record<string, string>>;
  /** @throws TokensphereError `input` where the array's header is not readable. */
  entry(name: string): Promise<ArrayEntry>;
  /** Elements `[start, start + count)` in row-major order. */
  read(name: string, start: number, count: number): Promise<Pick<RawTensor, "dtype" | "data">>;
  /** All elements of an array of strings. */
  strings(name: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface ArrayEntry {
  /** ONNX Runtime's name of a number's type, else `string`, `bytes` or `object`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Whether a part can be read without the whole. */
  readonly inParts: boolean;
}
