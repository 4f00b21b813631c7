import { describe, expect, it } from "vitest";
import { circleCharacteristics } from "../../sim/mean-field/circle-characteristics.ts";
import { momentsOfAngles, momentsOfWrappedNormal } from "../../sim/mean-field/circle-moments.ts";
import { momentsToPoint, pointsToPoint, zonalToPoint } from "../../sim/mean-field/distance-to-point.ts";
import { momentsOfVonMisesFisher } from "../../sim/mean-field/zonal-flow.ts";
import { quadrature } from "./cases.ts";

/** Σ (−r)^k/k², Euler's dilogarithm of −r. */
function dilogarithm(r: number): number {
  return Array.from({ length: 20_000 }, (_, j) => (-r) ** (j + 1) / (j + 1) ** 2).reduceRight((a, b) => a + b);
}

describe("W_2 to a point", () => {
  it("is the root of the mean square of the angle: π/√3 of the uniform circle, the angle itself of one point", () => {
    expect(momentsToPoint({ re: [], im: [] }, 1)).toBeCloseTo(Math.PI / Math.sqrt(3), 14);
    // ∫ φ² cos φ/2π = −2.
    expect(momentsToPoint({ re: [0.05], im: [0] }, 0)).toBeCloseTo(Math.sqrt(Math.PI ** 2 / 3 - 0.2), 14);
    expect(momentsToPoint({ re: [0.05], im: [0] }, Math.PI)).toBeCloseTo(Math.sqrt(Math.PI ** 2 / 3 + 0.2), 14);
    // The series of φ² falls as 1/k²: cut at 4000 it is right to 1e-3/φ.
    expect(momentsToPoint(momentsOfAngles([0.7], 4000), 0.2)).toBeCloseTo(0.5, 3);
    expect(pointsToPoint({ angles: Float64Array.of(3.1, -3.1), masses: Float64Array.of(0.25, 0.75) }, 3.1)).toBeCloseTo(
      Math.sqrt(0.75) * (2 * Math.PI - 6.2),
      14,
    );
    // A normal law of 0.3 is not seen to be wrapped.
    expect(momentsToPoint(momentsOfWrappedNormal(2, 0.3, 60), 2)).toBeCloseTo(0.3, 12);
  });

  it("at β = 0 falls as Ott and Antonsen's solution says, while mass is still coming from the other side", async () => {
    const r0 = 0.4;
    const re = Array.from({ length: 80 }, (_, j) => r0 ** (j + 1));
    const start = { re, im: re.map(() => 0) };
    const times = [0, 2, 6, 10];
    const states = await circleCharacteristics({ dynamics: "sa", beta: 0, start, times, nodes: 512 });
    states.forEach((points, at) => {
      const odds = (r0 * r0 * Math.exp(times[at])) / (1 - r0 * r0);
      const r = Math.sqrt(odds / (1 + odds));
      const exact = Math.sqrt(Math.PI ** 2 / 3 + 4 * dilogarithm(r));
      // The mass that parts is spread by a law that is exact here. Sums over 512 points miss h² = 1.5e-4 of what lies opposite, where φ²
      // has its edge; the point that stays there for ever, 8e-4 of the mass, slows all others by twice that.
      expect(Math.abs(pointsToPoint(points, 0) / exact - 1)).toBeLessThan([1e-5, 1e-5, 1e-4, 4e-3][at]);
    });
  });

  it("on S^{d−1} is that of the density about the axis, to either end of it", () => {
    // ½∫φ² sin φ dφ, and with ½·3m cos φ: a mean square of (π² − 4)/2 − 3π²m/8.
    const square = (m: number) => (Math.PI ** 2 - 4) / 2 - (3 * Math.PI ** 2 * m) / 8;
    expect(zonalToPoint([0.2], 3, 1)).toBeCloseTo(Math.sqrt(square(0.2)), 13);
    expect(zonalToPoint([0.2], 3, -1)).toBeCloseTo(Math.sqrt(square(-0.2)), 13);
    const law = (phi: number) => Math.exp(6 * Math.cos(phi)) * Math.sin(phi) ** 6;
    const mass = quadrature(law, 0, Math.PI, 60);
    const whole = quadrature((phi) => law(phi) * phi * phi, 0, Math.PI, 60) / mass;
    expect(zonalToPoint(momentsOfVonMisesFisher(8, 6, 40), 8, 1)).toBeCloseTo(Math.sqrt(whole), 12);
  });
});
