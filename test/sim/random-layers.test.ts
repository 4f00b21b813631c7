import { randomNormal } from "d3-random";
import { expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { uniformCloud } from "../../sim/clouds/uniform-cloud.ts";
import { layerSteps } from "../../sim/simulate/layer-steps.ts";
import { randomLayers } from "../../sim/simulate/random-layers.ts";
import { SCHEMES } from "../../sim/theory/equiangular.ts";

it("random layers of every scheme are layerSteps with the same start and matrices", async () => {
  const [n, d, beta, step, layers] = [6, 5, 3, 0.7, 3];
  const common = { n, d, beta, step, alpha: 0.5, tau: 1 };
  const found = await randomLayers({ ...common, schemes: SCHEMES, layers, copies: 2, firstSeed: 4 });
  const random = randomSource(5);
  const { x: x0 } = uniformCloud(n, d, random);
  const normal = randomNormal.source(random)(0, 1 / Math.sqrt(d));
  const matrix = () => Array.from({ length: d }, () => Array.from({ length: d }, normal));
  const heads = Array.from({ length: layers }, () => [{ Q: matrix(), K: matrix(), V: matrix() }]);
  for (const [s, norm] of SCHEMES.entries()) {
    await layerSteps({ ...common, x0, norm, layers: heads, engine: "ts" }, (layer, { x }) => {
      const unit = Float64Array.from(
        x,
        (value, e) => value / Math.hypot(...Array.from(x.slice(Math.floor(e / d) * d, Math.floor(e / d) * d + d))),
      );
      // Attention is in float32: 1e-7 times the slopes of three layers.
      expect(Math.abs(found[s][layer][1] - meanCosine({ n, d, x: unit })), `${norm} ${layer}`).toBeLessThan(1e-5);
    });
  }
  // Another copy is another start and other matrices.
  expect(found[0][0][0]).not.toBeCloseTo(found[0][0][1], 3);
});

it("an MLP is a residual branch of its own, after attention, under the same scheme", async () => {
  const [n, d, m, beta, step] = [5, 4, 7, 2, 0.6];
  const options = { n, d, beta, step, layers: 1, copies: 1, firstSeed: 9, alpha: 0.5, tau: 1 };
  const found = await randomLayers({ ...options, schemes: SCHEMES, mlp: m });
  const random = randomSource(9);
  const { x: x0 } = uniformCloud(n, d, random);
  const normal = randomNormal.source(random)();
  const matrix = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => normal() / Math.sqrt(columns)));
  const [Q, K, V, W1, W2] = [matrix(d, d), matrix(d, d), matrix(d, d), matrix(m, d), matrix(d, m)];
  const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));
  const times = (rows: readonly (readonly number[])[], x: readonly number[]) =>
    rows.map((row) => row.reduce((sum, value, k) => sum + value * x[k], 0));
  for (const [s, norm] of SCHEMES.entries()) {
    let after: number[][] = [];
    await layerSteps({ ...options, x0, norm, layers: [[{ Q, K, V }]], engine: "ts" }, (_, { x }) => {
      after = Array.from({ length: n }, (_, i) => [...x.subarray(i * d, (i + 1) * d)]);
    });
    const tokens = after.map((x) => {
      const field = times(W2, times(W1, unit(x)).map(Math.tanh));
      const whole = norm === "peri" || norm === "ngpt" ? unit(field) : field;
      const factor = norm === "ngpt" ? 0.5 : 1;
      return unit(x.map((value, k) => value + step * factor * whole[k]));
    });
    const x = Float64Array.from(tokens.flat());
    expect(Math.abs(found[s][1][0] - meanCosine({ n, d, x })), norm).toBeLessThan(1e-6);
  }
  const without = await randomLayers({ ...options, schemes: ["post"] });
  expect(Math.abs(without[0][1][0] - found[SCHEMES.indexOf("post")][1][0])).toBeGreaterThan(1e-3);
});
