import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastSpan, liftCoordinates, spanCoordinates } from "../../sim/clouds/span-coordinates.ts";
import { simulate } from "../../sim/simulate/simulate.ts";
import { dot, largestDifference, start } from "./cases.ts";

describe("min(n, d) coordinates", () => {
  it("keep every inner product and lift back to the cloud", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }), fc.nat(999), (n, d, seed) => {
        const x = start(n, d, seed);
        const span = spanCoordinates(x, n, d);
        expect(span.k).toBe(Math.min(n, d));
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            // Gram–Schmidt with reorthogonalization is exact to a few roundings of sums of d products.
            expect(Math.abs(dot(span.y, i, span.y, j, span.k) - dot(x, i, x, j, d))).toBeLessThan(1e-14);
          }
        }
        expect(largestDifference(liftCoordinates(span, span.y, new Float64Array(n * d)), x)).toBeLessThan(1e-14);
      }),
    );
  });

  it("stand clouds of lower rank: repeated, opposite and nearly repeated tokens", () => {
    const d = 6;
    const a = start(1, d, 1);
    const near = a.map((v, k) => v + (k === 0 ? 1e-11 : 0));
    const x = Float64Array.of(...a, ...a, ...a.map((v) => -v), ...near, ...start(1, d, 2));
    const span = spanCoordinates(x, 5, d);
    expect(largestDifference(liftCoordinates(span, span.y, new Float64Array(5 * d)), x)).toBeLessThan(1e-13);
    expect(Math.abs(dot(span.y, 0, span.y, 3, 5) - dot(x, 0, x, 3, d))).toBeLessThan(1e-14);
  });

  it("are as many as a factorized cloud in single precision spans, in whatever order its rows come", () => {
    const [n, d, k] = [60, 40, 7];
    fc.assert(
      fc.property(fc.nat(999), (seed) => {
        const [rows, factor] = [start(n, k, seed), start(k, d, seed + 1)];
        const x = new Float64Array(n * d);
        for (let i = 0; i < n; i++) {
          const at = i * d;
          for (let r = 0; r < k; r++) for (let c = 0; c < d; c++) x[at + c] += rows[i * k + r] * factor[r * d + c];
          const length = Math.hypot(...x.subarray(at, at + d));
          // Rounded to single precision, as saved states are: some 1e-7 of noise in every direction.
          for (let c = 0; c < d; c++) x[at + c] = Math.fround(x[at + c] / length);
        }
        const span = leastSpan(x, n, d, 1e-6);
        expect(span.k).toBe(k);
        expect(largestDifference(liftCoordinates(span, span.y, new Float64Array(n * d)), x)).toBeLessThan(1e-6);
      }),
      { numRuns: 20 },
    );
    expect(leastSpan(start(n, d, 3), n, d, 1e-6).k).toBe(d);
    expect(leastSpan(start(5, d, 3), 5, d, 1e-6).k).toBe(5);
    expect(leastSpan(Float64Array.from([...start(1, d, 3), ...start(1, d, 3)]), 2, d, 1e-6).k).toBe(2);
  });

  it("commute with the flow", async () => {
    const [n, d] = [6, 20];
    const times = [0, 0.5, 2, 5];
    const options = { n, d, times, systems: [{ beta: 3, x0: start(n, d, 3) }], lift: true, engine: "ts" } as const;
    for (const dynamics of ["sa", "usa", "sa_causal", "sa_preln"] as const) {
      const states = { reduced: [] as number[], full: [] as number[] };
      for (const kind of ["reduced", "full"] as const) {
        const scale = dynamics === "usa" ? Math.exp(-3) : 1;
        await simulate(
          { ...options, dynamics, times: times.map((t) => t * scale), reduce: kind === "reduced" },
          { save: (_s, _i, _t, cloud) => void states[kind].push(...cloud.x) },
        );
      }
      expect(states.full).toHaveLength(times.length * n * d);
      // The steps differ by rounding only: both follow the same error estimates.
      expect(largestDifference(states.reduced, states.full)).toBeLessThan(1e-9);
    }
  });

  it("hand out reduced clouds unless lifted ones are asked for, and never reduce where matrices forbid it", async () => {
    const shapes: number[] = [];
    const options = { n: 3, d: 5, times: [0], systems: [{ beta: 1, x0: start(3, 5, 1) }] };
    const identity = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (_, j) => (i === j ? 1 : 0)));
    const save = (_s: number, _i: number, _t: number, cloud: { d: number }) => void shapes.push(cloud.d);
    await simulate({ ...options, dynamics: "sa" }, { save });
    await simulate({ ...options, dynamics: "sa", lift: true }, { save });
    await simulate({ ...options, dynamics: "sa_qkv", params: { Q: identity, K: identity, V: identity } }, { save });
    expect(shapes).toEqual([3, 5, 5]);
  });
});
