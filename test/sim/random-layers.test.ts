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
