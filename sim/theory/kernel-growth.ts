import { TokensphereError } from "../../models/errors.ts";
import { checkRange, checkWhole } from "../clouds/check-number.ts";
import { logKernelMass } from "../engines/harmonic/log-kernel-mass.ts";
import { growthRates } from "./growth-rates.ts";
import { integralByPieces } from "./integral.ts";

/** Growth rates of degree-k perturbations of the uniform cloud along k = 1, 2 … */
export interface KernelGrowth {
  readonly sa: readonly number[];
  /** `null` where the kernel has no form that is not normalized, or a rate overflows. */
  readonly usa: readonly (number | null)[];
  /** Speed at which the uniform cloud itself turns; `null` where it does not. */
  readonly turning: { readonly sa: number; readonly usa: number } | null;
  /** USA's over Λ_0, where SA's are others: what they would be if Z did not answer to the perturbation. */
  readonly frozen?: readonly number[];
  /** The degree among these that grows fastest, by `sa`. */
  readonly fastest: number;
}

/** One head with QᵀK = β_h I and V = c_h I. */
export interface PlainHead {
  readonly b: number;
  readonly c: number;
}

/**
 * Heads add up (GLPR25): γ_k = Σ_h c_h γ_k(b_h).
 *
 * @throws TokensphereError `usage` for numbers out of range or no head.
 */
export function headGrowth(d: number, heads: readonly PlainHead[], modes: number): KernelGrowth {
  if (heads.length === 0) throw new TokensphereError("usage", "heads: none. give at least one");
  const rates = heads.map(({ b }) => growthRates(d, b, modes));
  const sa = sums(
    heads,
    rates.map((one) => one.sa),
  );
  const usa = sums(
    heads,
    rates.map((one) => one.usa.map((rate) => rate ?? Number.NaN)),
  );
  return { sa, usa: usa.map(finiteOrNull), turning: null, fastest: argmax(sa) };
}

function sums(heads: readonly PlainHead[], rates: readonly (readonly number[])[]): number[] {
  return rates[0].map((_, j) => heads.reduce((sum, { c }, h) => sum + c * rates[h][j], 0));
}

/**
 * Frustrated attention on the circle: QᵀK turns by α, scores β cos(θ_i − θ_j − α), V = I. The uniform density turns at
 * ω = −I_1 sin α and mode k grows at Re γ_k = k[cos α cos kα · kI_k/β + sin α sin kα · I_k'] under USA. SA's is that over I_0 and, as a field that
 * does not vanish is divided by a Z that is perturbed too, kω(I_k/I_0) sin kα besides, ω = −(I_1/I_0) sin α.
 *
 * @param beta - |β| ≤ 700, not 0.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function rotatedGrowth(beta: number, alpha: number, modes: number): KernelGrowth {
  checkRange("beta", beta, -700, 700);
  checkRange("alpha", alpha, -Math.PI, Math.PI);
  const { sa: plain } = growthRates(2, beta, modes + 1);
  const base = Math.exp(logKernelMass(2, beta));
  // I_k/I_0 from kγ: γ_k = k² I_k/(β I_0); at β = 0 I_k is 0 but γ_1 is ½.
  const bessel = (k: number) => (k === 0 ? 1 : (beta * plain[k - 1]) / (k * k));
  const slope = (k: number) => (k === 0 ? bessel(1) : (bessel(k - 1) + bessel(k + 1)) / 2);
  const frozen = Array.from({ length: modes }, (_, j) => {
    const k = j + 1;
    const even = Math.cos(alpha) * Math.cos(k * alpha) * (plain[j] / k);
    return k * (even + Math.sin(alpha) * Math.sin(k * alpha) * slope(k));
  });
  const omega = -bessel(1) * Math.sin(alpha);
  const sa = frozen.map((rate, j) => rate + (j + 1) * omega * bessel(j + 1) * Math.sin((j + 1) * alpha));
  return {
    sa,
    frozen,
    usa: frozen.map((rate) => rate * base),
    turning: { sa: omega, usa: omega * base },
    fastest: argmax(sa),
  };
}

/**
 * Bounded confidence: tokens within an angle see each other (Hegselmann & Krause 2002), weights e^{β⟨x,y⟩}. By parts,
 * γ_k = c_d ∫_{cos ε}^1 e^{βt} P_k'(t)(1−t²)^{(d−1)/2} dt, P_k Gegenbauer's polynomial with P_k(1) = 1 and c_d the norm of
 * (1−t²)^{(d−3)/2}; SA's over Z_0 = c_d ∫ e^{βt}(1−t²)^{(d−3)/2} dt. At d = 2 (k/π) ∫_0^ε e^{β cos u} sin u sin ku du.
 *
 * @param radius - 0 < ε ≤ π.
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function boundedGrowth(d: number, beta: number, radius: number, modes: number): KernelGrowth {
  checkWhole("d", d, 2);
  checkRange("beta", beta, -700, 700);
  checkRange("radius", radius, Number.MIN_VALUE, Math.PI);
  checkWhole("kmax", modes, 1);
  checkRange("kmax", modes, 1, 1e4);
  // A fixed rule: waves whose integral nearly vanishes have no relative error to aim at.
  const pieces = 24 + modes + Math.ceil(4 * Math.sqrt(Math.abs(beta)));
  const over = (f: (u: number) => number, end: number) => integralByPieces(f, 0, end, pieces);
  const norm = over((u) => Math.sin(u) ** (d - 2), Math.PI);
  const weight = (u: number) => Math.exp(beta * Math.cos(u) - Math.abs(beta)) * Math.sin(u) ** (d - 2);
  const z = over(weight, radius) / norm;
  const scale = Math.exp(Math.abs(beta));
  const scaled = Array.from(
    { length: modes },
    (_, j) => over((u) => weight(u) * Math.sin(u) ** 2 * gegenbauerSlope(d, j + 1, Math.cos(u)), radius) / norm,
  );
  const sa = scaled.map((rate) => rate / z);
  return { sa, usa: scaled.map((rate) => finiteOrNull(rate * scale)), turning: null, fastest: argmax(sa) };
}

/**
 * Doubly stochastic attention: with λ_k = Λ_k/Λ_0 the scaling answers a perturbation by −λ_k/(1 + λ_k) of it, so that
 * γ_k = (k(k+d−2)/β) λ_k/(1 + λ_k), which is SA's over 1 + λ_k.
 *
 * @throws TokensphereError `usage` for numbers out of range.
 */
export function sinkhornGrowth(d: number, beta: number, modes: number): KernelGrowth {
  const { sa } = growthRates(d, beta, modes);
  const rates = sa.map((rate, j) => rate / (1 + (beta * rate) / ((j + 1) * (j + d - 1))));
  return { sa: rates, usa: rates.map(() => null), turning: null, fastest: argmax(rates) };
}

/** P_k'(t) by the recurrence (k+d−2)P_{k+1} = (2k+d−2)tP_k − kP_{k−1} and its derivative. */
function gegenbauerSlope(d: number, k: number, t: number): number {
  let [before, value, slopeBefore, slope] = [1, t, 0, 1];
  for (let j = 1; j < k; j++) {
    const [a, b] = [(2 * j + d - 2) / (j + d - 2), j / (j + d - 2)];
    [before, value, slopeBefore, slope] = [
      value,
      a * t * value - b * before,
      slope,
      a * (value + t * slope) - b * slopeBefore,
    ];
  }
  return slope;
}

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, j) => (value > values[best] ? j : best), 0) + 1;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
