import { compileWasm, startWasm, type WasmModule } from "./wasm-runtime.ts";

/** Bytes of memory that are kept from one call to the next. */
const KEPT = 2 ** 25;

/** A memory, as numbers, and the kernel that works in it. */
export interface Workspace<Run> {
  readonly numbers: Float64Array;
  readonly run: Run;
}

/** Gives memories of at least so many bytes, all 0, for a kernel, which is compiled when it is first wanted: each belongs to who asked for it. */
export function freshWorkspaces<Run>(kernel: () => Uint8Array<ArrayBuffer>): (bytes: number) => Workspace<Run> {
  let compiled: WasmModule | undefined;
  return (bytes) => {
    compiled ??= compileWasm(kernel());
    return startWasm<Run>(compiled, bytes);
  };
}

/** The same memory again and again, whatever it holds, for who is done with it before anybody else asks; a large one is not kept. */
export function workspaces<Run>(kernel: () => Uint8Array<ArrayBuffer>): (bytes: number) => Workspace<Run> {
  const fresh = freshWorkspaces<Run>(kernel);
  let kept: Workspace<Run> | undefined;
  return (bytes) => {
    if (kept && kept.numbers.byteLength >= bytes) return kept;
    const made = fresh(bytes > KEPT ? bytes : Math.min(KEPT, 2 * bytes));
    if (made.numbers.byteLength <= KEPT) kept = made;
    return made;
  };
}
