import { compileWasm, startWasm, type WasmModule } from "./wasm-runtime.ts";

/** Bytes of memory that are kept from one call to the next. */
const KEPT = 2 ** 25;

/** A memory, as numbers, and the kernel that works in it. */
export interface Workspace<Run> {
  readonly numbers: Float64Array;
  readonly run: Run;
}

/**
 * Gives a memory of at least so many bytes for a kernel, compiled when it is first wanted: the same again and again, whatever it holds;
 * a large one is not kept.
 */
export function workspaces<Run>(kernel: () => Uint8Array<ArrayBuffer>): (bytes: number) => Workspace<Run> {
  let compiled: WasmModule | undefined;
  let kept: Workspace<Run> | undefined;
  return (bytes) => {
    if (kept && kept.numbers.byteLength >= bytes) return kept;
    compiled ??= compileWasm(kernel());
    const made = startWasm<Run>(compiled, bytes > KEPT ? bytes : Math.min(KEPT, 2 * bytes));
    if (made.numbers.byteLength <= KEPT) kept = made;
    return made;
  };
}
