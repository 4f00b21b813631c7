import { circleTable, kernelHarmonics } from "./circle-harmonics.ts";
import { circleSumsInSimd } from "./circle-simd.ts";
import type { HarmonicSpace } from "./harmonic-space.ts";

/**
 * The circle by Bessel–Fourier sums, O(nK): e^{β cos θ} = I_0 + 2Σ I_k cos kθ, with moments Σ_j m_j e^{ikθ_j}. K grows as √β;
 * exact to rounding. β ≤ 10⁶.
 */
export const circle: HarmonicSpace = {
  d: 2,
  stride: 2,
  sumsAt: (beta, masses) => {
    const table = circleTable(kernelHarmonics(beta), beta);
    const sums = circleSumsInSimd(table, masses.length);
    return { numbers: 5 * table.length + 5 * masses.length, evaluate: (x, field) => sums(x, masses, field) };
  },
  tangent: (x, field, i, speed, _beta, out) => {
    const angular = speed * field[2 * i + 1];
    out[2 * i] = -x[2 * i + 1] * angular;
    out[2 * i + 1] = x[2 * i] * angular;
  },
};
