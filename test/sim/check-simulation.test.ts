import { describe, expect, it } from "vitest";
import { type SimulateOptions, simulate } from "../../sim/simulate.ts";

describe("bad input is one line", () => {
  const good: SimulateOptions = {
    dynamics: "sa",
    n: 2,
    d: 2,
    times: [1],
    systems: [{ beta: 1, x0: Float64Array.of(1, 0, 0, 1) }],
  };
  const withBeta = (beta: number) => ({ systems: [{ ...good.systems[0], beta }] });
  const withCloud = (...x: number[]) => ({ systems: [{ beta: 1, x0: Float64Array.from(x) }], lift: true });

  const cases: [Partial<Record<keyof SimulateOptions, unknown>>, "usage" | "input", string][] = [
    [withBeta(Number.NaN), "usage", "beta: NaN. use a finite number, 0 or above"],
    [withBeta(Number.POSITIVE_INFINITY), "usage", "beta: Infinity."],
    [withBeta(-1), "usage", "beta: -1."],
    [{ n: 0 }, "usage", "n: 0."],
    [{ d: 1.5 }, "usage", "d: 1.5."],
    [{ times: [] }, "usage", "times: none."],
    [{ times: [1, 0.5] }, "usage", "times: 0.5 after 1. sort them"],
    [{ times: [-1] }, "usage", "times: -1."],
    [{ times: [Number.NaN] }, "usage", "times: NaN."],
    [{ times: [Number.POSITIVE_INFINITY] }, "usage", "times: Infinity."],
    [{ systems: [] }, "usage", "systems: none."],
    [{ dynamics: "sda" }, "usage", "dynamics: sda. use hardmax, "],
    [{ method: "rk45" }, "usage", "method: rk45."],
    [{ method: "euler" }, "usage", "step: missing. euler needs one"],
    [{ step: 0 }, "usage", "step: 0."],
    [{ rtol: -1 }, "usage", "rtol: -1."],
    [{ rtol: 0.5 }, "usage", "rtol: 0.5. use at most 0.1"],
    [{ atol: 0.11 }, "usage", "atol: 0.11. use at most 0.1"],
    [{ maxSteps: 0 }, "usage", "maxSteps: 0."],
    [withCloud(1, 0), "input", "system 0: 2 numbers. give n × d = 2 × 2 = 4"],
    [withCloud(1, 0, 0, 0), "input", "system 0, token 1: zero vector."],
    [withCloud(1, 0, Number.NaN, 0), "input", "system 0, token 1: NaN."],
    [{ params: { alpha: 1 } }, "usage", "params: alpha. sa reads none"],
    [{ dynamics: "sa_ngpt" }, "usage", "params: alpha missing."],
    [{ dynamics: "sa_ngpt", params: { alpha: -1 } }, "input", "alpha: -1."],
    [{ dynamics: "sa_weighted", params: { weights: [1] } }, "input", "weights: 1 numbers. give n = 2"],
    [{ dynamics: "sa_weighted", params: { weights: [1, 0] } }, "input", "weights: 0. use positive numbers"],
    [{ dynamics: "sa_qkv", params: { Q: [[1]], K: [[1]], V: [[1]] } }, "input", "Q: 1 rows of 1. give 2 × 2"],
  ];
  for (const [change, kind, message] of cases) {
    it(message, async () => {
      const failure = await simulate({ ...good, ...change } as SimulateOptions).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "TokensphereError", kind });
      expect((failure as Error).message.startsWith(message)).toBe(true);
      expect((failure as Error).message).not.toContain("\n");
    });
  }
});
