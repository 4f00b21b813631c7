import { expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { contextLayers } from "../../sim/simulate/context-layers.ts";
import { longContext } from "../../sim/theory/long-context.ts";

it("a layer on tokens in many coordinates is that on equiangular ones, in each regime; a second one contracts on", async () => {
  const [n, rho] = [64, 0.5];
  for (const gamma of [1, 2, 3]) {
    const cosines = await contextLayers({ n, d: 4000, rho, gamma, layers: 2 }, randomSource(1));
    const once = longContext(n, rho, gamma).cosine;
    // Inner products spread by .5/√4000 = .008 about ρ: e^{βs} with β = γ log n up to 12 by 10 %, of which the mean sees some 1 %.
    expect(Math.abs(cosines[0] - rho)).toBeLessThan(0.003);
    expect(Math.abs(cosines[1] - once)).toBeLessThan(0.01);
    expect(Math.abs(cosines[2] - longContext(n, once, gamma).cosine)).toBeLessThan(0.02);
  }
});

it("in few coordinates the spread of inner products blurs the transition: attention finds near tokens", async () => {
  const wide = await contextLayers({ n: 64, d: 400, rho: 0.5, gamma: 3, layers: 1 }, randomSource(1));
  const narrow = await contextLayers({ n: 64, d: 6, rho: 0.5, gamma: 3, layers: 1 }, randomSource(1));
  expect(narrow[1] - wide[1]).toBeGreaterThan(0.03);
});
