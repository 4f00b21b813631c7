/**
 * The part of the WebAssembly interface that is used here; every Node has it, the type declarations for Node do not.
 */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

/** Compiled code. It may be handed to other threads. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: "WebAssembly.Module";
}

const PAGE = 2 ** 16;

/** Bytes of a memory whose addresses are whole numbers of 32 bits with a sign, as kernels compare them. */
export const MOST_BYTES = 2 ** 31 - PAGE;

/** Compiles a module of `wasmModule`. Throws where its bytes are no module. */
export const compileWasm = (bytes: Uint8Array<ArrayBuffer>): WasmModule => new WebAssembly.Module(bytes);

/** A memory of at least `bytes`, as numbers, and the function `run` of a module that works in it. */
export function startWasm<Run>(module: WasmModule, bytes: number): { numbers: Float64Array; run: Run } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { numbers: new Float64Array(memory.buffer), run: exports.run as Run };
}
