import { compileWasm, startWasm } from "../../../probes/wasm/wasm-runtime.ts";
import type { SphereSums } from "./sphere-harmonics.ts";
import { PLAN_STRIDE, type SpherePlan } from "./sphere-plan.ts";
import { BLOCK, COEFFICIENT, RECURRENCE, sphereLayout, sphereProgram } from "./sphere-program.ts";

/** First pass (0) or second (1) over the blocks. */
type Run = (pass: number) => void;

/** As `sphereSums`, two float64 at a time by WebAssembly, for clouds of n tokens. */
export function sphereSumsInSimd(plan: SpherePlan, n: number): SphereSums {
  const layout = sphereLayout(plan, n);
  const { numbers, run } = startWasm<Run>(compileWasm(sphereProgram(plan, layout)), layout.end);
  numbers.set(plan.first, layout.first / 8);
  for (let t = 0; t < plan.pairs; t++) {
    const factor = plan.table[PLAN_STRIDE * t];
    numbers[(layout.recurrence + RECURRENCE * t) / 8] = factor;
    numbers[(layout.coefficients + COEFFICIENT * t) / 8] = factor;
  }
  const blocks = numbers.subarray(layout.blocks / 8, layout.end / 8);
  const moments = numbers.subarray(layout.moments / 8, layout.coefficients / 8);
  return (x, masses, out) => {
    writeBlocks(x, masses, blocks);
    moments.fill(0);
    run(0);
    weigh(plan, moments, numbers.subarray(layout.coefficients / 8, layout.blocks / 8));
    run(1);
    readBlocks(blocks, n, out);
  };
}

/** The last block is filled up with tokens of no mass at the pole. */
function writeBlocks(x: Float64Array, masses: Float64Array, blocks: Float64Array): void {
  const n = masses.length;
  for (let block = 0, i = 0; block < blocks.length; block += 4 * BLOCK) {
    for (let at = block; at < block + BLOCK; at++, i++) {
      const real = i < n;
      blocks[at] = real ? x[3 * i] : 0;
      blocks[at + BLOCK] = real ? x[3 * i + 1] : 0;
      blocks[at + 2 * BLOCK] = real ? x[3 * i + 2] : 1;
      blocks[at + 3 * BLOCK] = real ? masses[i] : 0;
    }
  }
}

function readBlocks(blocks: Float64Array, n: number, out: Float64Array): void {
  for (let block = 0, i = 0; i < n; block += 4 * BLOCK) {
    for (let at = block; at < block + BLOCK && i < n; at++, i++) {
      for (let k = 0; k < 4; k++) out[4 * i + k] = blocks[at + BLOCK * k];
    }
  }
}

/** Coefficients of cos and sin and of their z-slopes: moments, added over lanes, times the kernel's weights. */
function weigh({ degree, table }: SpherePlan, moments: Float64Array, coefficients: Float64Array): void {
  let above = 0;
  let t = 0;
  for (let m = 0; m <= degree; m++) {
    const row = t - m;
    for (let l = m; l <= degree; l++, t++) {
      const weight = table[PLAN_STRIDE * t + 1];
      const slope = table[PLAN_STRIDE * t + 2];
      const source = 4 * (m === 0 ? t : above + l);
      const to = 5 * t;
      coefficients[to + 1] = weight * (moments[4 * t] + moments[4 * t + 1]);
      coefficients[to + 2] = weight * (moments[4 * t + 2] + moments[4 * t + 3]);
      coefficients[to + 3] = slope * (moments[source] + moments[source + 1]);
      coefficients[to + 4] = slope * (moments[source + 2] + moments[source + 3]);
    }
    above = row;
  }
}
