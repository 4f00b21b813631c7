import { TokensphereError } from "../../models/errors.ts";
import {
  type CircleMoments,
  momentsOfMixture,
  momentsOfPerturbation,
  momentsOfVonMises,
  momentsOfWrappedNormal,
} from "../../sim/mean-field/circle-moments.ts";
import { harmonicCount } from "../../sim/mean-field/gegenbauer.ts";
import { momentsOfVonMisesFisher } from "../../sim/mean-field/zonal-flow.ts";

/** How densities are named on the command line. */
export const DENSITY_FORMS = "uniform, uniform:EPS:K, normal:MEAN:SIGMA, von-mises:MEAN:S, vmf:S";

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
  if (name === "vmf" && Number.isFinite(a) && parts.length === 1 && a >= 0 && a <= MOST_CONCENTRATION)
    return momentsOfVonMises(0, a, modes);
  const right = Number.isFinite(a) && Number.isFinite(b) && rest.length === 0;
  if (right && name === "uniform" && Math.abs(a) <= 1 && Number.isInteger(b) && b >= 1 && b <= modes)
    return momentsOfPerturbation(a, b, modes);
  if (right && name === "normal" && b > 0) return momentsOfWrappedNormal(a, b, modes);
  if (right && name === "von-mises" && b >= 0 && b <= MOST_CONCENTRATION) return momentsOfVonMises(a, b, modes);
  const ranges = "|EPS| ≤ 1, 1 ≤ K ≤ modes, SIGMA > 0, 0 ≤ S ≤ 10⁶";
  throw new TokensphereError("usage", `--start: ${text}. give ${DENSITY_FORMS} with ${ranges}`);
}

/**
 * A density about an axis on S^{d−1} by its moments ∫ P_k dμ: `uniform`, `uniform:EPS:K` (1 + EPS P_K relative to it) or `vmf:S`
 * (∝ e^{S⟨x, e⟩}); several are mixed in equal parts. Throws `usage` on anything else.
 */
export function parseZonalDensity(texts: readonly string[], d: number, modes: number): Float64Array {
  const parts = texts.map((text) => parseZonal(text, d, modes));
  return Float64Array.from({ length: modes }, (_, j) => parts.reduce((sum, part) => sum + part[j], 0) / parts.length);
}

function parseZonal(text: string, d: number, modes: number): Float64Array {
  const [name, ...parts] = text.split(":");
  const [a, b, ...rest] = parts.map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (text === "uniform") return new Float64Array(modes);
  const two = Number.isFinite(a) && Number.isInteger(b) && rest.length === 0;
  if (name === "uniform" && two && Math.abs(a) <= 1 && b >= 1 && b <= modes)
    return new Float64Array(modes).map((_, j) => (j + 1 === b ? a / harmonicCount(d, b) : 0));
  if (name === "vmf" && Number.isFinite(a) && parts.length === 1 && a >= 0 && a <= MOST_CONCENTRATION)
    return momentsOfVonMisesFisher(d, a, modes);
  const forms = "uniform, uniform:EPS:K or vmf:S with |EPS| ≤ 1, 1 ≤ K ≤ modes, 0 ≤ S ≤ 10⁶";
  throw new TokensphereError("usage", `--start: ${text}. for d above 2 give ${forms}`);
}
