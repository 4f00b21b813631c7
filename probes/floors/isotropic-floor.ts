import { type RandomSource, randomSource } from "../../models/random.ts";
import { defaultThresholds } from "../clusters/cluster-curve.ts";
import { isotropicQuantile, isotropicTail } from "../numerics/isotropic-law.ts";
import { pairCount } from "../products/inner-products.ts";
import { isoscore } from "../spectrum/spectrum.ts";
import type { Floors } from "./floors.ts";
import { isotropicClusters } from "./isotropic-clusters.ts";
import { isotropicDistanceFloor, isotropicFineCdf } from "./isotropic-distance.ts";
import { logIsotropicScaledEnergy } from "./isotropic-energy.ts";
import {
  isotropicEffectiveRank,
  isotropicEffectiveRankOfEigenvalues,
  isotropicParticipationRatio,
} from "./isotropic-rank.ts";
import { defaultBetas, defaultMasses, quantileLevels } from "./measure-defaults.ts";

export interface FloorOptions {
  readonly masses?: readonly number[];
  readonly betas?: readonly number[];
  readonly thresholds?: readonly number[];
  /** For the clusters alone, and only where d is so small that they have no closed form. */
  readonly random?: RandomSource;
}

/** What n independent uniform tokens of S^{d−1} would show, under the names that `probeCloud` gives its measures. */
export interface IsotropicFloor {
  readonly n: number;
  readonly d: number;
  readonly values: Floors;
  /** The law's distribution function on fine bins, for `w1_isotropic`. */
  readonly cdf: Float64Array;
}

/**
 * Floors for unit vectors that were not centred. Means are exact for mean, standard deviation (as the root of the mean
 * variance), masses, participation ratio and energy; quantiles are those of the law; least and greatest are the medians
 * for independent pairs; effective ranks are those of Marchenko and Pastur; the mean vector's norm is a root mean square.
 * About 3 ms; compute it once for each (n, d).
 */
export function isotropicFloor(n: number, d: number, options: FloorOptions = {}): IsotropicFloor {
  const { masses = defaultMasses, betas = defaultBetas, thresholds = defaultThresholds } = options;
  const cdf = isotropicFineCdf(d);
  const values = {
    ...cosineFloors(pairCount(n), d, masses),
    w1_isotropic: isotropicDistanceFloor(pairCount(n), cdf),
    ...rankFloors(n, d),
    mean_vector_norm: 1 / Math.sqrt(n),
    ...energyFloors(n, d, betas),
    ...clusterFloors(n, d, thresholds, options.random ?? randomSource()),
  };
  return { n, d, values, cdf };
}

let kept: { readonly key: string; readonly floor: IsotropicFloor } | null = null;

/** The same, kept until another is asked for: layers of a text share theirs. Nobody changes it. */
export function sharedFloor(n: number, d: number, options: FloorOptions = {}): IsotropicFloor {
  const { masses, betas, thresholds, random } = options;
  if (random) return isotropicFloor(n, d, options);
  const key = JSON.stringify([n, d, masses, betas, thresholds]);
  if (kept?.key !== key) kept = { key, floor: isotropicFloor(n, d, options) };
  return kept.floor;
}

/** Floors of moments, quantiles and masses for this many pairs. */
export function cosineFloors(pairs: number, d: number, masses: readonly number[]): Floors {
  const extreme = isotropicQuantile(-Math.expm1(-Math.LN2 / pairs), d);
  const quantiles = quantileLevels.map(({ name, level }) => [`${name}_cosine`, isotropicQuantile(level, d)]);
  return {
    mean_cosine: 0,
    sd_cosine: 1 / Math.sqrt(d),
    skew_cosine: 0,
    min_cosine: extreme,
    max_cosine: -extreme,
    ...Object.fromEntries(quantiles),
    ...Object.fromEntries(masses.map((t) => [`mass_${t}`, isotropicTail(t, d)])),
  };
}

function rankFloors(n: number, d: number): Floors {
  const participation = isotropicParticipationRatio(n, d);
  return {
    effective_rank: isotropicEffectiveRank(n, d),
    effective_rank_eig: isotropicEffectiveRankOfEigenvalues(n, d),
    participation_ratio: participation,
    isoscore: isoscore(participation, d),
  };
}

function energyFloors(n: number, d: number, betas: readonly number[]): Floors {
  const rows = betas.flatMap((beta) => {
    const log = logIsotropicScaledEnergy(n, d, beta);
    const logEnergy = beta > 0 ? log + beta - Math.log(2 * beta) : null;
    return [
      [`log_energy_${beta}`, logEnergy],
      [`scaled_energy_${beta}`, Math.exp(log)],
    ];
  });
  return Object.fromEntries(rows);
}

function clusterFloors(n: number, d: number, thresholds: readonly number[], random: RandomSource): Floors {
  const rows = isotropicClusters(n, d, thresholds, random).flatMap(({ threshold, clusters, largest }) => [
    [`clusters_${threshold}`, clusters],
    [`largest_cluster_${threshold}`, largest],
  ]);
  return Object.fromEntries(rows);
}
