import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { get, int, leb, makeLocals, set, wasmModule } from "../../probes/wasm/wasm-code.ts";
import { pair } from "../../probes/wasm/wasm-pair.ts";
import { pairPower } from "../../probes/wasm/wasm-power.ts";
import { compileWasm, startWasm } from "../../probes/wasm/wasm-runtime.ts";
import { DYNAMICS, type DynamicsName } from "../../sim/dynamics/dynamics-table.ts";
import type { Engine } from "../../sim/engines/contract/engine.ts";
import { simdEngine } from "../../sim/engines/simd/simd-engine.ts";
import { typescriptEngine } from "../../sim/engines/typescript-engine.ts";
import { largestDifference, randomParams, start } from "./cases.ts";

const NAMES = (Object.keys(DYNAMICS) as DynamicsName[]).filter((name) => DYNAMICS[name].harmonics);

/** 2^x of two numbers by the kernel's instructions. */
function powerProgram(): (a: number, b: number) => readonly [number, number] {
  const locals = makeLocals(["f64", "f64"]);
  const xs = [locals.take("v128"), locals.take("v128")];
  const body = [
    ...set(xs[0], pair.twice(get(0))),
    ...set(xs[1], pair.twice(get(1))),
    ...pairPower(locals, 2)(xs),
    ...pair.store(int(0), 0, get(xs[0])),
    ...pair.store(int(0), 16, get(xs[1])),
  ];
  const module = compileWasm(wasmModule(["f64", "f64"], locals, body));
  const { numbers, run } = startWasm<(a: number, b: number) => void>(module, 32);
  return (a, b) => {
    run(a, b);
    expect([numbers[1], numbers[3]]).toEqual([numbers[0], numbers[2]]);
    return [numbers[0], numbers[2]];
  };
}

/** Units in the last place between two positive normal numbers. */
function ulps(a: number, b: number): number {
  const [x, y] = new BigInt64Array(Float64Array.of(a, b).buffer);
  return Math.abs(Number(x - y));
}

describe("2^x, two numbers at a time", () => {
  const power = powerProgram();

  it("is that of the language within two units in the last place, wherever it is a normal number", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1022, max: 1023, noNaN: true }),
        fc.double({ min: -2, max: 0, noNaN: true }),
        (a, b) => {
          const [x, y] = power(a, b);
          // V8 promises one unit for 2 ** x, the polynomial and its last additions cost less than another.
          expect(Math.max(ulps(x, 2 ** a), ulps(y, 2 ** b))).toBeLessThanOrEqual(2);
          // The same measure tells a relative error of 1e-15 from a right result.
          expect(ulps(x, 2 ** a * (1 + 1e-15))).toBeGreaterThan(2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("is exact at whole numbers, and 0 from where no normal number is left", () => {
    for (const k of [-1022, -1000, -53, -1, 0, 1, 52, 1023]) expect(power(k, 0)).toEqual([2 ** k, 1]);
    for (const x of [-1022.0001, -1023, -1e5, -1e300, Number.NEGATIVE_INFINITY]) expect(power(x, x)).toEqual([0, 0]);
  });
});

describe("whole numbers in seven bits a byte", () => {
  it("are those of the standard's examples", () => {
    expect(leb(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(leb(-123456, true)).toEqual([0xc0, 0xbb, 0x78]);
    // Without a further byte, 64 would read as −64.
    expect(leb(64, true)).toEqual([0xc0, 0x00]);
  });
});

/** Velocities of one system. */
function velocityOf(engine: Engine, x: Float64Array, beta: number, logScale: number): Float64Array {
  const out = new Float64Array(x.length).fill(Number.NaN);
  engine.velocity(x, Float64Array.of(beta), Float64Array.of(logScale), 1, out);
  return out;
}

describe("the simd engine", () => {
  it("gives the velocities of the reference, for every dynamics with Q = K = V = I and any size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...NAMES),
        fc.integer({ min: 1, max: 35 }),
        fc.integer({ min: 2, max: 27 }),
        fc.oneof(
          fc.constant(0),
          fc.double({ min: 0, max: 12, noNaN: true }),
          fc.double({ min: 0, max: 1e3, noNaN: true }),
        ),
        fc.nat(1000),
        (name, n, width, beta, seed) => {
          const dynamics = DYNAMICS[name];
          const d = "width" in dynamics ? (dynamics.width ?? width) : width;
          const params = randomParams(name, n, d, randomSource(seed));
          const task = { dynamics, params, n, d };
          const x = start(n, d, seed).map((value) => 1.7 * value);
          const logScale = dynamics.logScale(beta, params);
          const difference = largestDifference(
            velocityOf(simdEngine(task), x, beta, logScale),
            velocityOf(typescriptEngine(task), x, beta, logScale),
          );
          // Rounding of ‖θ_i − θ_j‖² against ⟨θ_i, θ_j⟩, times β twice where the field itself has a factor β.
          expect(difference).toBeLessThan(1e-15 * (20 + beta) * (name === "mean_shift_blurring" ? 1 + beta : 1));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keeps its relative accuracy where velocities are exponentially small, and 0 where tokens coincide", () => {
    const [d, beta] = [2, 1000];
    const angles = [0, 0, 0.6, 0.6, 0.6];
    const x = Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)]));
    const task = { dynamics: DYNAMICS.sa, params: {}, n: angles.length, d };
    const v = velocityOf(simdEngine(task), x, beta, 0);
    const w = Math.exp(beta * (Math.cos(0.6) - 1));
    const speed = ((3 * w) / (2 + 3 * w)) * Math.sin(0.6);
    expect(speed).toBeLessThan(1e-70);
    // An exponent of −175 in float64 is known to 3e-14.
    expect(Math.abs(v[1] / speed - 1)).toBeLessThan(1e-12);
    expect(velocityOf(simdEngine({ ...task, n: 2 }), x.slice(0, 4), beta, 0)).toEqual(new Float64Array(4));
  });

  it("computes the same bits with helpers as alone, in batches of any size, and writes nothing behind a batch", async () => {
    const [n, d, most] = [64, 12, 150];
    const task = { dynamics: DYNAMICS.sa, params: {}, n, d };
    const x = Float64Array.from(Array.from({ length: most }, (_, s) => [...start(n, d, s)]).flat());
    const beta = Float64Array.from({ length: most }, (_, s) => s / 10);
    const [alone, shared] = [simdEngine(task, 1), simdEngine(task, 3)];
    const results = new Float64Array(x.length);
    alone.velocity(x, beta, new Float64Array(most), most, results);
    const out = new Float64Array(x.length);
    // Helpers come after a tenth of a second of work, and take some time to start: rounds without them, then with.
    for (let round = 0; round < 90; round++) {
      const batch = round < 50 ? most : 1 + ((round * 37) % most);
      out.fill(7);
      shared.velocity(x, beta, new Float64Array(most), batch, out);
      expect(largestDifference(out.subarray(0, batch * n * d), results.subarray(0, batch * n * d))).toBe(0);
      expect(out.subarray(batch * n * d).every((value) => value === 7)).toBe(true);
      if (round >= 50 && round < 70) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await shared.release();
  });

  it("is refused elsewhere, in one line", () => {
    expect(() => simdEngine({ dynamics: DYNAMICS.hardmax, params: {}, n: 3, d: 3 })).toThrow("engine simd: hardmax.");
  });
});
