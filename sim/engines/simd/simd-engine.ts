import { TokensphereError } from "../../../models/errors.ts";
import { compileWasm, startWasm } from "../../../probes/wasm/wasm-runtime.ts";
import type { Dynamics, HarmonicForm } from "../../dynamics/dynamics.ts";
import type { Engine, EngineKind, EngineTask } from "../contract/engine.ts";
import { fieldFactor } from "../contract/field-factor.ts";
import { type SharedLanes, type SimdProgram, startHelpers } from "./simd-helpers.ts";
import { simdKernel } from "./simd-kernel.ts";
import { type SimdLayout, simdLayout } from "./simd-layout.ts";

/** Coordinates of the companion of an odd token, and the least slope with which it still has no weight. */
const FAR = 1e100;
const LEAST_SLOPE = 1e-190;

/** Numbers in the clouds that threads share. */
const SHARED = 2 ** 19;
/** Nanoseconds of work, all calls together, after which more is to be expected than starting helpers takes. */
const WORTH_STARTING = 1e8;
/** Nanoseconds of work that pay for waking a helper, and for asking for more. */
const WORTH_WAKING = 60_000;
const WORTH_ASKING = 10_000;

/** See `simdKernel`. */
type Run = (slope: number, scale: number) => void;

/** `simdEngine` as a kind: what has `harmonics`. */
export const simd: EngineKind = {
  name: "simd",
  about: "WebAssembly, two numbers at a time: Q = K = V = I, up to some tens of coordinates",
  whyNot: ({ dynamics, params, negative }) => {
    if (negative) return "beta below 0. use auto, ort or ts";
    return dynamics.harmonics?.(params) ? null : remedy(dynamics);
  },
  open: simdEngine,
};

const remedy = ({ name }: Dynamics): string => `${name}. use it with sa, usa and the like`;

/**
 * Attention with Q = K = V = I on two float64 at a time, by WebAssembly: each pair once, no array of pairs in memory.
 * The fastest engine up to some tens of coordinates, and as accurate as plain TypeScript on exponentially slow
 * plateaus.
 *
 * @param threads - Threads that share the systems of a call, the caller's one among them.
 * @throws TokensphereError `usage` where the dynamics has other terms.
 */
export function simdEngine({ dynamics, params, n, d }: EngineTask, threads = 1): Engine {
  const form = dynamics.harmonics?.(params);
  if (!form) throw new TokensphereError("usage", `engine simd: ${remedy(dynamics)}`);
  const program = simdProgram(form, n, d);
  const { numbers, run } = startWasm<Run>(program.module, program.bytes);
  numbers.set(program.constants);
  const { size } = program;
  const input = numbers.subarray(program.x, program.x + size);
  const output = numbers.subarray(program.out, program.out + size);
  const cost = simdCost(n, d);
  let lanes: SharedLanes | undefined;
  let done = 0;

  const alone: Engine["velocity"] = (x, beta, logScale, batch, out) => {
    for (let b = 0; b < batch; b++) {
      input.set(x.subarray(b * size, (b + 1) * size));
      run(slopeOf(beta[b]), fieldFactor(form, beta[b], logScale[b]));
      out.set(output, b * size);
    }
    return undefined;
  };
  const together = (shared: SharedLanes, ...[x, beta, logScale, batch, out]: Parameters<Engine["velocity"]>): void => {
    shared.x.set(x.subarray(0, batch * size));
    for (let b = 0; b < batch; b++) {
      shared.arguments[2 * b] = slopeOf(beta[b]);
      shared.arguments[2 * b + 1] = fieldFactor(form, beta[b], logScale[b]);
    }
    shared.share(batch, Math.ceil(WORTH_ASKING / cost), (b) => {
      input.set(shared.x.subarray(b * size, (b + 1) * size));
      run(shared.arguments[2 * b], shared.arguments[2 * b + 1]);
      shared.out.set(output, b * size);
    });
    out.set(shared.out.subarray(0, batch * size));
  };
  return {
    name: "simd",
    velocity: (x, beta, logScale, batch, out) => {
      done += batch * cost;
      const small = batch === 1 || batch * cost < WORTH_WAKING || done < WORTH_STARTING;
      if (threads === 1 || small) return alone(x, beta, logScale, batch, out);
      lanes ??= startHelpers(program, threads - 1, Math.max(2 * threads, Math.floor(SHARED / size)));
      for (let from = 0; from < batch; from += lanes.capacity) {
        const to = Math.min(batch, from + lanes.capacity);
        const part = (values: Float64Array, width: number) => values.subarray(from * width, to * width);
        together(lanes, part(x, size), part(beta, 1), part(logScale, 1), to - from, part(out, size));
      }
      return undefined;
    },
    release: async () => {
      await lanes?.release();
      lanes = undefined;
    },
  };
}

/** Nanoseconds of one system on one core, as measured on a server. */
export const simdCost = (n: number, d: number): number => n * n * (1 + 0.21 * d);

const slopeOf = (beta: number): number => -Math.LOG2E * Math.max(beta / 2, LEAST_SLOPE);

function simdProgram(form: HarmonicForm, n: number, d: number): SimdProgram {
  const layout = simdLayout({ n, d });
  const softmax = form.weighting === "softmax";
  const module = compileWasm(simdKernel({ n, d, softmax, weighted: form.masses !== undefined }));
  const constants = kernelConstants(layout, form, n);
  return { module, bytes: layout.end, constants, x: layout.x / 8, out: layout.out / 8, size: n * d };
}

/**
 * Masses enter the exponent from both sides, m_i m_j e^{…}, which keeps it symmetric; m_i then leaves with the divisor:
 * m_i Σ_j m_j e^{…} for SA, m_i for USA.
 */
function kernelConstants(layout: SimdLayout, { masses, weighting }: HarmonicForm, n: number): Float64Array {
  const numbers = new Float64Array(layout.divisors / 8);
  numbers[layout.far / 8] = FAR;
  for (let i = 0; i < layout.padded; i++) {
    const mass = masses && i < n ? masses[i] : 1;
    numbers[layout.bias / 8 + i] = Math.log2(mass);
    if (weighting === "softmax") numbers[layout.own / 8 + i] = mass * mass;
    else numbers[layout.own / 8 + i] = masses ? mass : n;
  }
  return numbers;
}
