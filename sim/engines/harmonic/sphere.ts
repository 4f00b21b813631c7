import { checkRange } from "../../clouds/check-number.ts";
import type { HarmonicSpace } from "./harmonic-space.ts";
import { sphereKernel, spherePlan } from "./sphere-plan.ts";
import { sphereSumsInSimd } from "./sphere-simd.ts";

/** What is left out of the kernel, relative to its mean: a hundredth of the engines' promise. */
const TOLERANCE = 1e-12;
/** A lone token feels the kernel as low as its own mass: there the promise needs terms down to this times that mass. */
const LONE = 3e-11;
/** β above which a table alone would take 30 MB. */
const MOST_BETA = 1e4;

/**
 * S² by spherical harmonics, O(n K²/2): e^{β⟨x,y⟩} = Σ_l (2l+1) i_l(β) Σ_m Y_lm(x)Y_lm(y), cut at a degree K that grows as
 * √(2β ln(1/ε)). β ≤ 10⁴.
 */
export const sphere: HarmonicSpace = {
  d: 3,
  stride: 4,
  sumsAt: (beta, masses) => {
    checkRange("beta on engine harmonic", beta, -MOST_BETA, MOST_BETA);
    const n = masses.length;
    const leastMass = masses.reduce((least, mass) => Math.min(least, mass), 1);
    const plan = spherePlan(beta, sphereTolerance(beta, leastMass));
    const sums = sphereSumsInSimd(plan, n);
    return { numbers: 12 * plan.pairs + 4 * n, evaluate: (x, field) => sums(x, masses, field) };
  },
  tangent: (x, field, i, speed, beta, out) => {
    let radial = 0;
    for (let k = 0; k < 3; k++) radial += x[3 * i + k] * field[4 * i + 1 + k];
    // At β = 0 the plan holds the limit for a β of 1e-100.
    const scale = speed / (beta || 1e-100);
    for (let k = 0; k < 3; k++) out[3 * i + k] = scale * (field[4 * i + 1 + k] - radial * x[3 * i + k]);
  },
};

/**
 * Whether harmonics up to the degree that β needs are fewer than the pairs they stand for. Each costs as much: 1.2 ns a token,
 * and pairs 1.6 ns on one thread, 0.8 ns on two, which they can use where there are many systems.
 */
export function harmonicsPay(n: number, beta: number): boolean {
  // The degree is at least √β or so: for enormous β nothing is computed.
  if (Math.abs(beta) > Math.min(n * n, MOST_BETA)) return false;
  const degree = sphereKernel(beta, sphereTolerance(beta, 1 / n)).length - 1;
  return ((degree + 1) * (degree + 2)) / 2 < n;
}

/** The tolerance of the kernel's sum that keeps the promise for these masses. */
function sphereTolerance(beta: number, leastMass: number): number {
  return Math.min(TOLERANCE, LONE * Math.max(1, 2 * Math.abs(beta)) * leastMass);
}
