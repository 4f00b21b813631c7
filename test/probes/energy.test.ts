import { describe, expect, it } from "vitest";
import { randomSource } from "../../models/random.ts";
import { isotropicCloud } from "../../probes/floors/isotropic-cloud.ts";
import { energyOf } from "../../probes/products/energy.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { axisClusters } from "./clouds.ts";

const cloud = isotropicCloud(12, 4, randomSource(8));
const pairs = innerProducts(cloud, true);

function definition(beta: number): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) {
    for (let j = 0; j < 12; j++) {
      let g = 0;
      for (let k = 0; k < 4; k++) g += cloud.x[i * 4 + k] * cloud.x[j * 4 + k];
      sum += Math.exp(beta * g);
    }
  }
  return sum / (2 * beta * 144);
}

describe("the energy", () => {
  it.each([0.1, 1, 9, 50])("is the definition, in three forms (β = %d)", (beta) => {
    const { energy, logEnergy, scaled } = energyOf(pairs, 12, beta);
    const expected = definition(beta);
    // The exponent is of order β, so its rounding is β·ε relative.
    expect((energy ?? 0) / expected).toBeCloseTo(1, 12);
    expect(logEnergy).toBeCloseTo(Math.log(expected), 12);
    expect(scaled).toBeCloseTo(2 * beta * expected * Math.exp(-beta), 12);
  });

  it("weighs tokens by their masses: one of mass 2 is two in one place", () => {
    const leaders = innerProducts({ n: 2, d: 2, x: Float64Array.of(1, 0, 0.6, 0.8) }, true);
    const tokens = innerProducts({ n: 3, d: 2, x: Float64Array.of(1, 0, 1, 0, 0.6, 0.8) }, true);
    for (const beta of [-2, 0.5, 3, 900]) {
      const { scaled } = energyOf(leaders, 2, beta, [2 / 3, 1 / 3]);
      // Rounding of a handful of terms.
      expect(scaled! / energyOf(tokens, 3, beta).scaled!).toBeCloseTo(1, 13);
    }
  });

  it.each([-300, -2, 0.5, 9, 700])("of many pairs is what loops over them say (β = %d)", (beta) => {
    const n = 140;
    const many = innerProducts(isotropicCloud(n, 5, randomSource(2)), true);
    const { scaled } = energyOf(many, n, beta);
    const loops = energyOf(many, n, beta, new Float64Array(n).fill(1 / n)).scaled;
    // Exponents of up to 1400 have a rounding of 1400 ε.
    expect(scaled! / loops!).toBeCloseTo(1, 11);
  });

  it("takes negative β, where it has no logarithm", () => {
    const { energy, logEnergy } = energyOf(pairs, 12, -3);
    expect((energy ?? 0) / definition(-3)).toBeCloseTo(1, 12); // as above
    expect(logEnergy).toBeNull();
  });

  it("is null at β = 0 and where it overflows, and its logarithm is not", () => {
    expect(energyOf(pairs, 12, 0)).toEqual({ beta: 0, logEnergy: null, energy: null, scaled: 1 });
    const { energy, logEnergy, scaled } = energyOf(pairs, 12, 1e4);
    expect(energy).toBeNull();
    // Every token is alone at this β: (1/n) e^β/(2β).
    expect(logEnergy).toBeCloseTo(1e4 - Math.log(2e4) - Math.log(12), 9); // ε of 10⁴
    expect(scaled).toBeCloseTo(1 / 12, 12);
  });

  it("is the sum of squared cluster masses at large β, as on the plateaus of the staircase", () => {
    const tokens = axisClusters([3, 1, 1]);
    const { scaled } = energyOf(innerProducts(tokens, true), 5, 1000);
    expect(scaled).toBeCloseTo((9 + 1 + 1) / 25, 14); // e^{−1000} is left out by nothing but rounding
  });
});
