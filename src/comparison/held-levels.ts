import type { Cloud } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import type { FamilyWithFit } from "../fit/fit.ts";
import type { HeldOutRow } from "../fit/fit-result.ts";
import type { HeldOut, HeldSplit } from "../fit/held-out.ts";
import type { FitText } from "../trajectories/fit-text.ts";
import { visitSimulated } from "../trajectories/simulated-products.ts";

/** What a family comes to on data that it was not fitted to, at three levels. */
export interface HeldOutLevels extends HeldOutRow {
  /** `null` of layers left out in turn, whose neighbours say as much: see `interpolation` among the rivals. */
  readonly pair_skill?: number | null;
  readonly token_skill?: number | null;
}

/** Skills are reported to three digits. */
const TOLERANCE = 1e-5;

/** Pairs and tokens of everything that was held out, by the β and the times that were fitted without it. */
export async function heldOutLevels(
  texts: readonly FitText[],
  families: readonly FamilyWithFit[],
  heldOut: readonly HeldOut[],
  sharedBasis: boolean,
): Promise<readonly HeldOutLevels[]> {
  const rows: HeldOutLevels[] = [];
  for (const { splits, ...row } of heldOut) {
    const held = families.find(({ fit }) => fit.name === row.family);
    const able = row.kind !== "layers" && row.w1_skill !== null && !held?.family.start;
    const errors = able ? await heldErrors(texts, held?.family ?? null, splits) : null;
    const pair_skill = errors && skill(errors.pairs, errors.pairsStill);
    const token_skill = errors && sharedBasis ? skill(errors.tokens, errors.tokensStill) : null;
    rows.push({ ...row, pair_skill, token_skill });
  }
  return rows;
}

/** Sums of squared errors of inner products and of chords, and what they would be if nothing moved. */
interface HeldErrors {
  pairs: number;
  pairsStill: number;
  tokens: number;
  tokensStill: number;
}

/** `null` where a simulation did not reach the last time. */
async function heldErrors(
  texts: readonly FitText[],
  family: FamilyWithFit["family"] | null,
  splits: readonly HeldSplit[],
): Promise<HeldErrors | null> {
  const sum: HeldErrors = { pairs: 0, pairsStill: 0, tokens: 0, tokensStill: 0 };
  for (const { beta, times, layers, texts: held, tokens } of splits) {
    for (const [place, number] of held.entries()) {
      const text = texts[number];
      const some = (cloud: Cloud) => (tokens ? only(cloud, tokens[place]) : cloud);
      const add = (k: number, predicted: Cloud) => {
        const [start, real, guess] = [text.clouds[0], text.clouds[k], predicted].map(some);
        sum.pairs += squares(innerProducts(real, true), innerProducts(guess, true));
        sum.pairsStill += squares(innerProducts(real, true), innerProducts(start, true));
        sum.tokens += chords(real, guess);
        sum.tokensStill += chords(real, start);
      };
      if (family === null) for (const k of layers) add(k, text.clouds[0]);
      else {
        const wanted = layers.map((k) => times[k]);
        const visit = (i: number, cloud: Cloud) => add(layers[i], cloud);
        const how = { tolerance: TOLERANCE, lift: true, partial: true };
        const { outcome } = await visitSimulated(text, family, beta ?? 0, wanted, visit, how);
        if (outcome !== "reached the end") return null;
      }
    }
  }
  return sum;
}

function only({ d, x }: Cloud, tokens: Int32Array): Cloud {
  const out = new Float64Array(tokens.length * d);
  tokens.forEach((token, i) => {
    for (let a = 0; a < d; a++) out[i * d + a] = x[token * d + a];
  });
  return { n: tokens.length, d, x: out };
}

function squares(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, p) => sum + (value - b[p]) ** 2, 0);
}

function chords(a: Cloud, b: Cloud): number {
  let sum = 0;
  for (let i = 0; i < a.n; i++) {
    let square = 0;
    for (let p = i * a.d; p < (i + 1) * a.d; p++) square += (a.x[p] - b.x[p]) ** 2;
    sum += Math.sqrt(square);
  }
  return sum;
}

function skill(error: number, still: number): number | null {
  return still > 1e-12 ? 1 - error / still : null;
}
