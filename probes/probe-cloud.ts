import { TokensphereError } from "../models/errors.ts";
import type { Cloud } from "./cloud.ts";
import { defaultThresholds } from "./clusters/cluster-curve.ts";
import type { Floors } from "./floors/floors.ts";
import { diagonalFloors } from "./floors/isotropic-diagonal.ts";
import { distanceToIsotropic } from "./floors/isotropic-distance.ts";
import { type FloorOptions, type IsotropicFloor, isotropicFloor } from "./floors/isotropic-floor.ts";
import { defaultBetas, defaultMasses } from "./floors/measure-defaults.ts";
import { meanVectorNorm } from "./measures/mean-vector-norm.ts";
import { type Measure, measureRow } from "./measures/measure.ts";
import { measureClusters } from "./measures/measure-clusters.ts";
import { measureEnergy } from "./measures/measure-energy.ts";
import { measureNorms } from "./measures/measure-norms.ts";
import { measureProducts, type ProductKind } from "./measures/measure-products.ts";
import { measureSpectrum } from "./measures/measure-spectrum.ts";
import { defaultPolicy, type Policy } from "./policy/policy.ts";
import { type BinRule, fixedEdges, freedmanDiaconisEdges, rangeEdges } from "./products/bin-edges.ts";
import { squaredNorms, unpackGram } from "./products/gram-matrix.ts";
import { type Histogram, histogram } from "./products/histogram.ts";
import { clampToUnit, innerProducts } from "./products/inner-products.ts";
import { type PairIntervals, pairIntervals } from "./products/jackknife.ts";
import { tokenNorms } from "./products/norms.ts";

/** Measures that can be left out where only some are wanted. Inner products and the histogram are always there. */
export type MeasureGroup = "intervals" | "norms" | "spectrum" | "energy" | "clusters";

const allGroups: readonly MeasureGroup[] = ["intervals", "norms", "spectrum", "energy", "clusters"];

export interface ProbeOptions extends FloorOptions {
  /** The policy that made the cloud: says whether it lies on the sphere and whether the diagonal counts. */
  readonly policy?: Policy;
  /** How many bins; of those of Freedman and Diaconis, at most how many. */
  readonly bins?: number;
  readonly binRule?: BinRule;
  readonly groups?: readonly MeasureGroup[];
  /** The cloud before the policy, for its norms. */
  readonly raw?: Cloud;
  /** The products i < j, where a faster kernel has them already; not changed. */
  readonly pairs?: Float64Array;
  /** XᵀX, d × d, where it is known already; wanted for the spectrum where n > d. */
  readonly coordinates?: Float64Array;
  /** The floor for this n and d, made with the same masses, betas and thresholds, where it is known already. */
  readonly floor?: IsotropicFloor;
}

/** What was measured of one cloud. Plain data. */
export interface CloudProbe {
  readonly n: number;
  readonly d: number;
  readonly measures: readonly Measure[];
  readonly histogram: Histogram;
}

/** A length this far from 1 is not a rounding error of float32. */
const unitTolerance = 1e-5;

/**
 * Measures a cloud that the policy has made (`applyPolicy`), observed or simulated. Pairs i < j, or the whole Gram matrix
 * where the policy includes the diagonal. Measures that suppose unit vectors (masses, energy, clusters, floors) are there
 * under `l2` alone; floors stand beside clouds that were not centred.
 * Throws `input` for fewer than two tokens and, under `l2`, for tokens that are not of length 1.
 */
export function probeCloud(cloud: Cloud, options: ProbeOptions = {}): CloudProbe {
  const { policy = defaultPolicy, masses = defaultMasses } = options;
  if (policy.pairs === "across") throw new RangeError("pairs across texts are measured by probeAcross");
  const sphere = policy.normalize === "l2";
  requireTokens(cloud, sphere);
  const pairs = options.pairs ?? innerProducts(cloud, sphere);
  const floor =
    sphere && policy.center === "none" ? (options.floor ?? isotropicFloor(cloud.n, cloud.d, options)) : null;
  const values = policy.diagonal === "include" ? flattenedGram(cloud, pairs, sphere) : pairs;
  const products =
    policy.diagonal === "include"
      ? measureProducts(values, kindOf(sphere), masses, floor ? diagonalFloors(cloud.n, cloud.d, masses) : {}, null)
      : measureProducts(values, kindOf(sphere), masses, floor?.values ?? {}, intervalsOf(pairs, cloud.n, options));
  return {
    n: cloud.n,
    d: cloud.d,
    measures: [...products, ...measureGroups(cloud, pairs, floor, options)],
    histogram: histogram(values, edgesOf(values, sphere, options), ruleOf(sphere, options)),
  };
}

/** Everything but moments and masses. */
function measureGroups(
  cloud: Cloud,
  pairs: Float64Array,
  floor: IsotropicFloor | null,
  options: ProbeOptions,
): readonly Measure[] {
  const { policy = defaultPolicy, betas = defaultBetas, thresholds = defaultThresholds, raw } = options;
  const floors: Floors = floor?.values ?? {};
  const sphere = policy.normalize === "l2";
  return [
    floor ? measureRow("w1_isotropic", distanceToIsotropic(pairs, floor.cdf), floors) : [],
    measureRow("mean_vector_norm", meanVectorNorm(cloud), floors),
    wants(options, "norms") && raw ? measureNorms(raw, floors) : [],
    wants(options, "spectrum") ? measureSpectrum(cloud, pairs, options.coordinates, floors) : [],
    wants(options, "energy") && sphere ? measureEnergy(pairs, cloud.n, betas, floors) : [],
    wants(options, "clusters") && sphere ? measureClusters(pairs, cloud.n, thresholds, floors) : [],
  ].flat();
}

/** Whether the options ask for this group of measures. */
export function wants({ groups = allGroups }: Pick<ProbeOptions, "groups">, group: MeasureGroup): boolean {
  return groups.includes(group);
}

function kindOf(sphere: boolean): ProductKind {
  return sphere ? "cosine" : "inner_product";
}

function intervalsOf(pairs: Float64Array, n: number, options: ProbeOptions): PairIntervals | null {
  if (!wants(options, "intervals")) return null;
  const { policy = defaultPolicy, masses = defaultMasses } = options;
  return pairIntervals(pairs, n, masses, policy.normalize === "l2" ? [-1, 1] : [-Infinity, Infinity]);
}

function flattenedGram(cloud: Cloud, pairs: Float64Array, sphere: boolean): Float64Array {
  const gram = unpackGram(pairs, squaredNorms(cloud));
  return sphere ? clampToUnit(gram) : gram;
}

function ruleOf(sphere: boolean, { binRule }: ProbeOptions): BinRule {
  return binRule ?? (sphere ? "fixed" : "range");
}

function edgesOf(values: Float64Array, sphere: boolean, options: ProbeOptions): Float64Array {
  const rule = ruleOf(sphere, options);
  if (rule === "freedman-diaconis") return freedmanDiaconisEdges(values, options.bins);
  return rule === "fixed" ? fixedEdges(options.bins) : rangeEdges(values, options.bins);
}

function requireTokens(cloud: Cloud, sphere: boolean): void {
  if (cloud.n < 2) {
    throw new TokensphereError("input", `cloud: ${cloud.n} tokens, two are needed. give a longer text`);
  }
  if (!sphere) return;
  const norms = tokenNorms(cloud);
  const i = norms.findIndex((norm) => !(Math.abs(norm - 1) < unitTolerance));
  if (i >= 0) {
    const remedy = "apply the policy first, or use --normalize none";
    throw new TokensphereError("input", `cloud: token ${i} has length ${norms[i]}, not 1. ${remedy}`);
  }
}
