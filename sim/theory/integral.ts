/** Nodes and weights of the 10-point Gauss–Legendre rule on [−1, 1], positive half (Abramowitz & Stegun 25.4.30). */
const NODES = [
  0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717,
] as const;
const WEIGHTS = [
  0.29552422471475287, 0.26926671930999635, 0.21908636251598204, 0.1494513491505806, 0.06667134430868814,
] as const;

/** Relative error at which halving stops, and halvings after which it gives up gaining more. */
const ENOUGH = 1e-13;
const DEEPEST = 40;

/** ∫_from^to f by Gauss–Legendre, halving each piece until both halves agree with the whole. */
export function integral(f: (s: number) => number, from: number, to: number): number {
  if (from === to) return 0;
  const whole = gauss(f, from, to);
  return refine(f, from, to, whole, Math.abs(whole), 0);
}

function refine(f: (s: number) => number, a: number, b: number, whole: number, scale: number, depth: number): number {
  const middle = (a + b) / 2;
  const [left, right] = [gauss(f, a, middle), gauss(f, middle, b)];
  const sum = left + right;
  const size = Math.max(scale, Math.abs(sum));
  if (Math.abs(sum - whole) <= ENOUGH * size || depth >= DEEPEST) return sum;
  return refine(f, a, middle, left, size, depth + 1) + refine(f, middle, b, right, size, depth + 1);
}

function gauss(f: (s: number) => number, a: number, b: number): number {
  const [middle, half] = [(a + b) / 2, (b - a) / 2];
  return half * NODES.reduce((sum, x, i) => sum + WEIGHTS[i] * (f(middle - half * x) + f(middle + half * x)), 0);
}

/** ∫_from^to f by that rule on so many equal pieces: for an f that is rounded too much to be refined by. */
export function integralByPieces(f: (s: number) => number, from: number, to: number, pieces: number): number {
  const width = (to - from) / pieces;
  let sum = 0;
  for (let p = 0; p < pieces; p++) sum += gauss(f, from + p * width, from + (p + 1) * width);
  return sum;
}

/**
 * log ∫_from^to e^{logF}, whatever overflows in between.
 *
 * @param logF - Largest at one of the ends or at 64 points between, up to some hundreds.
 */
export function logIntegral(logF: (s: number) => number, from: number, to: number): number {
  if (from === to) return Number.NEGATIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let p = 0; p <= 64; p++) most = Math.max(most, logF(from + ((to - from) * p) / 64));
  const scaled = (s: number) => Math.exp(logF(s) - most);
  // In pieces, so that no peak falls between the points of the first look.
  let sum = 0;
  for (let p = 0; p < 64; p++)
    sum += integral(scaled, from + ((to - from) * p) / 64, from + ((to - from) * (p + 1)) / 64);
  return most + Math.log(sum);
}
