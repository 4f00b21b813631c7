import { TokensphereError } from "../../models/errors.ts";
import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { integral } from "./integral.ts";

/** Two tokens under noise. */
export interface NoisyPairOptions {
  readonly dynamics: "sa" | "usa";
  /** |β| ≤ 300. */
  readonly beta: number;
  /** Inverse temperature of the noise, > 0. */
  readonly kappa: number;
  /** Width, ≥ 2. Default 2. */
  readonly d?: number | undefined;
  /** Two clusters of so many tokens, each with noise of its own, in the place of two tokens: masses are their shares. Default 1 and 1. */
  readonly tokens?: readonly [number, number] | undefined;
}

/** The angle's law as a diffusion: drift −U', coefficient D = (1/m_1 + 1/m_2)/κ, and sin^{d−2} for the room there is. */
interface AngleLaw {
  /** U/D less its least value on the way. */
  readonly potential: (phi: number) => number;
  readonly room: (phi: number) => number;
  readonly diffusion: number;
}

/**
 * Stationary mean of cos φ for the angle φ of two tokens: density ∝ sin^{d−2}φ e^{−U/D}, D = 2/κ (two independent motions), with
 * U = −e^{β cos φ}/β for USA and −(1/β) Σ log(a_i + a_j e^{β(cos φ − 1)}) over the two of masses a_1, a_2 for SA, −cos φ at β = 0 (R §7). A
 * cluster of m tokens has noise of 1/m of theirs.
 *
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function noisyPairCosine(options: NoisyPairOptions): number {
  const { potential, room } = angleLaw(options);
  const density = (phi: number) => room(phi) * Math.exp(-potential(phi));
  const mass = overHalfTurn(density, 0, Math.PI);
  return overHalfTurn((phi) => Math.cos(phi) * density(phi), 0, Math.PI) / mass;
}

/**
 * Mean time until two tokens at the angle φ0 first come within φ1:
 * (1/D) ∫_{φ1}^{φ0} e^{U(y)/D} s(y)^{−1} ∫_y^π s(z) e^{−U(z)/D} dz dy, s = sin^{d−2}.
 *
 * @param phi1 - 0 < φ1 ≤ φ0 ≤ π.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function noisyPairPassage(options: NoisyPairOptions, phi0: number, phi1: number): number {
  checkRange("phi1", phi1, Number.MIN_VALUE, phi0);
  checkRange("phi0", phi0, phi1, Math.PI);
  const { potential, room, diffusion } = angleLaw(options);
  const inner = (y: number) => overHalfTurn((z) => room(z) * Math.exp(potential(y) - potential(z)), y, Math.PI);
  return overHalfTurn((y) => inner(y) / room(y), phi1, phi0) / diffusion;
}

function angleLaw({ dynamics, beta, kappa, d = 2, tokens = [1, 1] }: NoisyPairOptions): AngleLaw {
  if (dynamics !== "sa" && dynamics !== "usa")
    throw new TokensphereError("usage", `dynamics: ${dynamics}. use sa or usa`);
  checkRange("beta", beta, -300, 300);
  checkRange("kappa", kappa, Number.MIN_VALUE);
  checkWhole("d", d, 2);
  for (const m of tokens) checkWhole("tokens", m, 1);
  const [m1, m2] = tokens;
  const diffusion = (1 / m1 + 1 / m2) / kappa;
  const mass = m1 / (m1 + m2);
  return {
    potential: (phi) => pairPotential(dynamics, beta, mass, phi) / diffusion,
    room: (phi) => (d === 2 ? 1 : Math.sin(phi) ** (d - 2)),
    diffusion,
  };
}

/** U at φ, 0 at φ = 0. */
function pairPotential(dynamics: "sa" | "usa", beta: number, mass: number, phi: number): number {
  // cos φ − 1, without cancelling.
  const drop = -2 * Math.sin(phi / 2) ** 2;
  if (beta === 0) return -drop;
  if (dynamics === "usa") return (-Math.exp(beta) * Math.expm1(beta * drop)) / beta;
  const rise = Math.expm1(beta * drop);
  return (Math.log1p((1 - mass) * rise) + Math.log1p(mass * rise)) / -beta;
}

/** In pieces, for densities that are steep. */
function overHalfTurn(f: (phi: number) => number, from: number, to: number): number {
  const pieces = 8;
  let sum = 0;
  for (let p = 0; p < pieces; p++)
    sum += integral(f, from + ((to - from) * p) / pieces, from + ((to - from) * (p + 1)) / pieces);
  return sum;
}
