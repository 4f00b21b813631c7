import { TokensphereError } from "../../models/errors.ts";
import {
  type CircleMoments,
  momentsOfMixture,
  momentsOfPerturbation,
  momentsOfVonMises,
  momentsOfWrappedNormal,
} from "../../sim/mean-field/circle-moments.ts";

/** How densities on the circle are named on the command line. */
export const DENSITY_FORMS = "uniform, uniform:EPS:K, normal:MEAN:SIGMA, von-mises:MEAN:S";

/** A peak as wide as 10⁻³ rad: its moments take time of the order of S. */
const MOST_CONCENTRATION = 1e6;

/**
 * A density on the circle: (1 + EPS cos Kθ)/2π, with EPS = 0 where `uniform` stands alone, a wrapped normal of a mean and
 * standard deviation in radians, or a von Mises law ∝ e^{S cos(θ − MEAN)}; several are mixed in equal parts. Throws `usage` on anything else.
 */
export function parseDensity(texts: readonly string[], modes: number): CircleMoments {
  return momentsOfMixture(
    texts.map((text) => parseOne(text, modes)),
    modes,
  );
}

function parseOne(text: string, modes: number): CircleMoments {
  const [name, ...parts] = text.split(":");
  const [a, b, ...rest] = parts.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (text === "uniform") return momentsOfPerturbation(0, 1, modes);
  const right = Number.isFinite(a) && Number.isFinite(b) && rest.length === 0;
  if (right && name === "uniform" && Math.abs(a) <= 1 && Number.isInteger(b) && b >= 1 && b <= modes)
    return momentsOfPerturbation(a, b, modes);
  if (right && name === "normal" && b > 0) return momentsOfWrappedNormal(a, b, modes);
  if (right && name === "von-mises" && b >= 0 && b <= MOST_CONCENTRATION) return momentsOfVonMises(a, b, modes);
  const ranges = "|EPS| ≤ 1, 1 ≤ K ≤ modes, SIGMA > 0, 0 ≤ S ≤ 10⁶";
  throw new TokensphereError("usage", `--start: ${text}. give ${DENSITY_FORMS} with ${ranges}`);
}
