import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { makeFft } from "../../sim/mean-field/fft.ts";
import { phi, solveSemilinear } from "../../sim/mean-field/solve-semilinear.ts";
import { largestDifference, quadrature } from "./cases.ts";

const random = randomSource(1);
const numbers = (count: number) => Float64Array.from({ length: count }, () => random() - 0.5);

describe("the fast transform", () => {
  it("is the plain sum, and goes back", () => {
    for (const size of [2, 8, 64]) {
      const [re, im] = [numbers(size), numbers(size)];
      const [a, b] = [Float64Array.from(re), Float64Array.from(im)];
      makeFft(size)(a, b, 1);
      for (let k = 0; k < size; k++) {
        const angle = (g: number) => (2 * Math.PI * k * g) / size;
        const sum = (f: (g: number) => number) => re.reduce((total, _, g) => total + f(g), 0);
        // Sums of 64 numbers below 1, whose angles, up to 400, are rounded at 5e-14 in the plain sum.
        expect(Math.abs(a[k] - sum((g) => re[g] * Math.cos(angle(g)) - im[g] * Math.sin(angle(g))))).toBeLessThan(
          1e-12,
        );
        expect(Math.abs(b[k] - sum((g) => re[g] * Math.sin(angle(g)) + im[g] * Math.cos(angle(g))))).toBeLessThan(
          1e-12,
        );
      }
      makeFft(size)(a, b, -1);
      expect(
        largestDifference(
          a.map((value) => value / size),
          re,
        ),
      ).toBeLessThan(1e-14);
    }
  });
});

describe("exponential time differencing", () => {
  it("has the weights φ_m(z) = ∫ e^{(1−s)z} s^{m−1}/(m−1)! ds on both sides of where their formula changes", () => {
    for (const z of [0, -1e-9, -0.5, -0.999, -1.001, -3, -40]) {
      for (const [m, factorial] of [
        [1, 1],
        [2, 1],
        [3, 2],
      ]) {
        const wanted = quadrature((s) => (Math.exp((1 - s) * z) * s ** (m - 1)) / factorial, 0, 1);
        // Three digits are lost by the recursion at z = −1.
        expect(Math.abs(phi(m, z) - wanted)).toBeLessThan(1e-13);
      }
    }
  });

  it("is of order 4 in the step, and its estimate of order 4 in one step", async () => {
    // ẏ = −y + sin y, both parts of one size, from y = 1.5; the reference at a hundredth of the tolerance.
    const rates = Float64Array.of(1);
    const drift = (y: Float64Array, out: Float64Array) => {
      out[0] = Math.sin(y[0]) + 0.3 * Math.cos(y[0]);
    };
    const at = async (tolerance: number) => {
      let calls = 0;
      const counted = (y: Float64Array, out: Float64Array) => {
        calls++;
        drift(y, out);
      };
      const [y] = await solveSemilinear({ rates, drift: counted }, Float64Array.of(1.5), [3], tolerance);
      return { y: y[0], calls };
    };
    const exact = (await at(1e-14)).y;
    const [coarse, fine] = [await at(1e-6), await at(1e-10)];
    expect(Math.abs(coarse.y - exact)).toBeLessThan(1e-5);
    expect(Math.abs(fine.y - exact)).toBeLessThan(1e-9);
    // 10⁴ times smaller errors a step of order 4 take 10 times the steps; the first steps, from 1e-4 on, are few.
    expect(fine.calls / coarse.calls).toBeGreaterThan(4);
    expect(fine.calls / coarse.calls).toBeLessThan(16);
  });

  it("takes no small steps for stiff parts, and leaves rest states where they are", async () => {
    // y → 1 at rates up to 10⁶: an explicit step would be 3e-6.
    const rates = Float64Array.from({ length: 7 }, (_, k) => 10 ** k);
    let calls = 0;
    const drift = (_y: Float64Array, out: Float64Array) => {
      calls++;
      out.set(rates);
    };
    const [y] = await solveSemilinear({ rates, drift }, new Float64Array(7), [30], 1e-9);
    expect(largestDifference(y, new Float64Array(7).fill(1))).toBeLessThan(1e-12);
    expect(calls).toBeLessThan(200);
    const [still] = await solveSemilinear({ rates, drift }, new Float64Array(7).fill(1), [30], 1e-9);
    expect(largestDifference(still, new Float64Array(7).fill(1))).toBeLessThan(1e-14);
  });

  it("says in one line that a time is out of reach", async () => {
    const drift = (y: Float64Array, out: Float64Array) => {
      out[0] = y[0] * y[0];
    };
    // ẏ = y² ends at t = 1.
    const problem = { rates: Float64Array.of(0), drift };
    await expect(solveSemilinear(problem, Float64Array.of(1), [2], 1e-9)).rejects.toThrow(
      /^times: 2\. .* ask for shorter times/,
    );
  });

  it("hears the event loop while it works, and an abort ends it", async () => {
    // y turns 10³ times a unit of time: many steps.
    const drift = (y: Float64Array, out: Float64Array) => {
      out[0] = 1e3 * y[1];
      out[1] = -1e3 * y[0];
    };
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    const running = solveSemilinear(
      { rates: new Float64Array(2), drift },
      Float64Array.of(1, 0),
      [10],
      1e-6,
      abort.signal,
    );
    await expect(running).rejects.toThrow(/abort/i);
  });
});
