import { randomNormal } from "d3-random";
import { randomSource } from "../../models/random.ts";
import { type Cloud64, toCloud64 } from "../../probes/cloud.ts";
import { innerProducts } from "../../probes/products/inner-products.ts";
import { rowsOf } from "../../probes/products/rows-of.ts";
import { allFolds, type Fold, tokenFolds } from "./kernels/folds.ts";
import { unitRow } from "./kernels/unit-rows.ts";
import { alignedAxes, principalAxes, turnedByAxes } from "./map/principal-axes.ts";
import { predictedClouds } from "./predicted-clouds.ts";
import type { Rival } from "./rival.ts";

/** Axes are found anew for each group of tokens that is left out: few groups, for an axis costs more than a ridge. */
const GROUPS = 8;
/** Axes that may be turned; more is a linear map, which is a rival of its own. */
const MOST_AXES = 32;
/** Numbers of the noise. */
const SEED = 1;
/** Tokens that go anywhere have a mean cosine of 0 to where they were sent: noise of no finite size. */
const LEAST_COSINE = 1e-3;

/**
 * The Langevin law of Sarfati, Liu, Boullé and Earls (2025, Lines of thought in large language models, eq. 3–4): from layer 0 to layer k
 * the principal axes of the tokens turn into those of layer k, each stretched by the ratio of singular values, and isotropic Gaussian
 * noise is added, all of it by layer. No token sees another. Axes, ratios and signs are those of the tokens that are not predicted,
 * on the unit sphere; how many axes are turned (the rest stays) and the size of the noise are what suits tokens left out. Noise
 * has no part in where a token is expected; it pulls expected products to 0, and one draw of it makes the distribution.
 */
export const langevin: Rival = {
  name: "langevin",
  label: "Langevin: axes turned and stretched, noise",
  about: "principal axes of other tokens are turned and stretched, noise is added, by layer",
  competes: true,
  onlyAsked: true,
  predict({ n, d, clouds }) {
    if (n < 2) return predictedClouds([clouds[0]]);
    const first = toCloud64(clouds[0]);
    const turn = axesMapper(first);
    const later = clouds.slice(1).map((cloud) => noisyLayer(turn(toCloud64(cloud)), toCloud64(cloud)));
    const { cloud, products } = predictedClouds([first, ...later.map((layer) => layer.cloud)]);
    return {
      cloud,
      products(k) {
        const shrunk = (later[k - 1]?.cosine ?? 1) ** 2;
        return products(k)?.map((g) => shrunk * g) ?? null;
      },
      drawn(k) {
        const layer = later[k - 1];
        return layer ? innerProducts(drawn(layer, randomNormal.source(randomSource(SEED + k))()), true) : products(k);
      },
      complexity: later.reduce((sum, { axes }) => sum + numbersOf(axes, d), 0),
    };
  },
};

/** What a layer was predicted by. */
interface TurnedCloud {
  readonly cloud: Cloud64;
  readonly axes: number;
}

/** A frame of r axes in d coordinates, a ratio each; how many there are, and the size of the noise. */
function numbersOf(r: number, d: number): number {
  return (r * (2 * d - r - 1)) / 2 + r + 2;
}

/** Predicts clouds of the same tokens, each token by axes of others, as many as come closest over all tokens. */
function axesMapper(x: Cloud64): (y: Cloud64) => TurnedCloud {
  const folds = allFolds(tokenFolds(x.n, GROUPS));
  const own = folds.map(({ train }) => principalAxes(trained(x, train), MOST_AXES));
  return (y) => {
    const moves = folds.map((fold, f) => {
      const axes = alignedAxes(own[f], trained(x, fold.train), trained(y, fold.train), MOST_AXES);
      return turnedByAxes(rowsOf(x, fold.held), axes);
    });
    const most = Math.min(...moves.map(({ length }) => length)) - 1;
    const errors = Array.from({ length: most + 1 }, (_, r) => chordSum(moves, folds, y, r));
    const axes = errors.indexOf(Math.min(...errors));
    const out = { ...x, x: x.x.slice() };
    folds.forEach(({ held }, f) => {
      held.forEach((i, a) => {
        out.x.set(moves[f][axes].subarray(a * x.d, (a + 1) * x.d), i * x.d);
      });
    });
    for (let i = 0; i < x.n; i++) unitRow(out.x, x.d, i, x.x);
    return { cloud: out, axes };
  };
}

function trained(cloud: Cloud64, tokens: Int32Array): Cloud64 {
  return { n: tokens.length, d: cloud.d, x: rowsOf(cloud, tokens) };
}

/** Σ ‖prediction − y‖ over all tokens with r axes turned. */
function chordSum(
  moves: readonly (readonly Float64Array[])[],
  folds: readonly Fold[],
  { d, x }: Cloud64,
  r: number,
): number {
  let sum = 0;
  folds.forEach(({ held }, f) => {
    const rows = moves[f][r];
    held.forEach((i, a) => {
      let [square, along] = [0, 0];
      for (let c = 0; c < d; c++) {
        square += rows[a * d + c] ** 2;
        along += rows[a * d + c] * x[i * d + c];
      }
      sum += Math.sqrt(Math.max(0, 2 - (square > 0 ? (2 * along) / Math.sqrt(square) : 0)));
    });
  });
  return sum;
}

/** A layer with its noise. */
interface NoisyCloud extends TurnedCloud {
  /** Mean cosine of where tokens are and where they were sent. */
  readonly cosine: number;
}

function noisyLayer({ cloud, axes }: TurnedCloud, { x }: Cloud64): NoisyCloud {
  const sum = cloud.x.reduce((total, value, p) => total + value * x[p], 0);
  return { cloud, axes, cosine: Math.min(1, Math.max(LEAST_COSINE, sum / cloud.n)) };
}

/** With noise s a coordinate a unit vector has a cosine of about 1/√(1 + s²(d − 1)) to where it was: s is what gives the layer's. */
function drawn({ cloud: { n, d, x }, cosine }: NoisyCloud, normal: () => number): Cloud64 {
  const s = Math.sqrt(Math.max(0, cosine ** -2 - 1) / Math.max(1, d - 1));
  const out = x.map((value) => value + s * normal());
  for (let i = 0; i < n; i++) unitRow(out, d, i, x);
  return { n, d, x: out };
}
