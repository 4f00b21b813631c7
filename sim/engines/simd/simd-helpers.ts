import { Worker } from "node:worker_threads";
import type { WasmModule } from "../../../probes/wasm/wasm-runtime.ts";

/** A kernel that works on `[n, d]` numbers, and what its memory starts with. */
export interface SimdProgram {
  readonly module: WasmModule;
  /** Bytes of memory. */
  readonly bytes: number;
  /** The first numbers in memory. */
  readonly constants: Float64Array;
  /** Where the cloud and its velocity lie, in numbers. */
  readonly x: number;
  readonly out: number;
  /** n · d. */
  readonly size: number;
}

/** Systems side by side in memory that all threads share. */
export interface SharedLanes {
  readonly capacity: number;
  /** `[capacity, n, d]`. */
  readonly x: Float64Array;
  readonly out: Float64Array;
  /** Arguments of the kernel, `[2, capacity]`. */
  readonly arguments: Float64Array;
  /** Has lanes 0 … count − 1 computed by the helpers and, by `compute`, the caller; `grain` of them at a time. */
  readonly share: (count: number, grain: number, compute: (lane: number) => void) => void;
  readonly release: () => Promise<void>;
}

/**
 * Rounds begun; parts not yet taken, and less than 0 once helpers have asked in vain; lanes; lanes of a part; lanes
 * not done.
 */
const [ROUND, PARTS, COUNT, GRAIN, OPEN] = [0, 1, 2, 3, 4];
const FIELDS = 5;

/**
 * What a helper runs: its own memory and kernel, then round after round. Plain JavaScript, since threads load no
 * TypeScript.
 */
const HELPER = `
const { workerData } = require("node:worker_threads");
const { program, pages, control, x, out, args } = workerData;
const { size } = program;
const memory = new WebAssembly.Memory({ initial: pages });
const numbers = new Float64Array(memory.buffer);
numbers.set(program.constants);
const { run } = new WebAssembly.Instance(program.module, { env: { memory } }).exports;
const input = numbers.subarray(program.x, program.x + size);
const output = numbers.subarray(program.out, program.out + size);
for (let seen = 0; ; seen = Atomics.load(control, ${ROUND})) {
  Atomics.wait(control, ${ROUND}, seen);
  for (let part = Atomics.sub(control, ${PARTS}, 1); part > 0; part = Atomics.sub(control, ${PARTS}, 1)) {
    const first = (part - 1) * Atomics.load(control, ${GRAIN});
    const end = Math.min(Atomics.load(control, ${COUNT}), part * Atomics.load(control, ${GRAIN}));
    for (let lane = first; lane < end; lane++) {
      input.set(x.subarray(lane * size, (lane + 1) * size));
      run(args[2 * lane], args[2 * lane + 1]);
      out.set(output, lane * size);
    }
    Atomics.sub(control, ${OPEN}, end - first);
    Atomics.notify(control, ${OPEN});
  }
}
`;

/**
 * Starts `helpers` threads that share systems with the caller. Threads take the next lanes as they get free, so a
 * helper that is not yet up, or that the machine lets wait, holds nothing up. They do not keep a process alive.
 */
export function startHelpers(program: SimdProgram, helpers: number, capacity: number): SharedLanes {
  const shared = (count: number) => new Float64Array(new SharedArrayBuffer(8 * count));
  const [x, out, args] = [shared(capacity * program.size), shared(capacity * program.size), shared(2 * capacity)];
  const control = new Int32Array(new SharedArrayBuffer(4 * FIELDS));
  const pages = Math.ceil(program.bytes / 2 ** 16);
  const workers = Array.from({ length: helpers }, () => {
    const worker = new Worker(HELPER, { eval: true, workerData: { program, pages, control, x, out, args } });
    worker.unref();
    return worker;
  });
  return {
    ...{ capacity, x, out, arguments: args },
    share: (count, grain, compute) => {
      begin(control, count, grain);
      for (let part = Atomics.sub(control, PARTS, 1); part > 0; part = Atomics.sub(control, PARTS, 1)) {
        const end = Math.min(count, part * grain);
        for (let lane = (part - 1) * grain; lane < end; lane++) compute(lane);
        Atomics.sub(control, OPEN, end - (part - 1) * grain);
      }
      for (let open = Atomics.load(control, OPEN); open > 0; open = Atomics.load(control, OPEN)) {
        Atomics.wait(control, OPEN, open);
      }
    },
    release: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** A helper of the last round may still ask for a part: the number of parts comes last, when all else is in place. */
function begin(control: Int32Array, count: number, grain: number): void {
  Atomics.store(control, COUNT, count);
  Atomics.store(control, GRAIN, grain);
  Atomics.store(control, OPEN, count);
  Atomics.store(control, PARTS, Math.ceil(count / grain));
  Atomics.add(control, ROUND, 1);
  Atomics.notify(control, ROUND);
}
