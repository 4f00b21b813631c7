import { checkRange } from "../clouds/check-number.ts";

/**
 * How the number of modes grows that a Gaussian kernel of bandwidth β^{−1/2} sees in n draws of a standard normal law, which
 * is how many clusters mean shift leaves: of order √(β ln β) for n^c ≤ β ≤ n^{2−c} (GRS25; R §5.3 prints √β log β). The law
 * names no constant: at n = 10⁴ and β from 300 to 10⁵ samples had 0.3 to 0.55 of this (see test/sim/expected-modes.test.ts).
 *
 * @param beta - Above 1, or there is no such law.
 * @throws TokensphereError `usage` for β out of range.
 */
export function expectedModes(beta: number): number | null {
  checkRange("beta", beta, 0, Number.MAX_VALUE);
  return beta > 1 ? Math.sqrt(beta * Math.log(beta)) : null;
}
