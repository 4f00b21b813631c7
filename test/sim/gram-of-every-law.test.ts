import { describe, expect, it } from "vitest";
import { ATTENTION_LAWS, type AttentionName } from "../../sim/dynamics/attention-table.ts";
import { gramReduction } from "../../sim/reductions/gram.ts";
import { largestDifference, record, start } from "./cases.ts";

const TAKEN: readonly AttentionName[] = [
  "mean_shift_blurring",
  "sa",
  "sa_causal",
  "sa_repulsive",
  "sa_weighted",
  "sa_weighted_causal",
  "sa_weighted_repulsive",
  "usa",
  "usa_causal",
  "usa_repulsive",
  "usa_weighted",
  "usa_weighted_causal",
  "usa_weighted_repulsive",
];
const [n, d, beta, time] = [5, 4, 2, 0.7];
const weights = [0.4, 1, 0.2, 0.7, 1.3];

describe("the Gram flow of each law of the table", () => {
  for (const name of Object.keys(ATTENTION_LAWS) as AttentionName[]) {
    if (!TAKEN.includes(name)) {
      it(`${name}: refused, as its inner products do not go by that equation`, () => {
        expect(() => gramReduction(name, n)).toThrow(`gram flow: ${name}. use sa, usa`);
      });
      continue;
    }
    it(`${name}: inner products go as those of the tokens`, async () => {
      const params = name.includes("weighted") ? { weights } : {};
      const cloud = { n, d, x: start(n, d, 4) };
      const full = await record({
        dynamics: name,
        params,
        n,
        d,
        systems: [{ beta, x0: cloud.x }],
        times: [0, time],
        engine: "ts",
        method: "dop853",
        rtol: 1e-12,
        atol: 1e-12,
        merge: false,
      });
      const reduction = gramReduction(name, n, params);
      const [, at] = await reduction.flow(reduction.project(cloud), beta, [0, time]);
      // Both at 1e-12 a step, over less than one unit of time.
      expect(largestDifference(at.gram, reduction.project(full.clouds[0][1]).gram)).toBeLessThan(1e-9);
    });
  }
});
