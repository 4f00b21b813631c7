import { option, TokensphereError } from "../../models/errors.ts";
import type { Cloud, Cloud64 } from "../cloud.ts";
import { defaultThresholds } from "../clusters/cluster-curve.ts";
import type { Floors } from "../floors/floors.ts";
import { diagonalFloors } from "../floors/isotropic-diagonal.ts";
import { type FloorOptions, type IsotropicFloor, sharedFloor } from "../floors/isotropic-floor.ts";
import { defaultBetas, defaultMasses } from "../floors/measure-defaults.ts";
import { sortValues } from "../numerics/sort-values.ts";
import { defaultPolicy, isUnit, type Policy } from "../policy/policy.ts";
import { squaredNorms, unpackGram } from "../products/gram-matrix.ts";
import { clampToUnit, innerProducts } from "../products/inner-products.ts";
import { type PairIntervals, pairIntervals } from "../products/jackknife.ts";
import { tokenNorms } from "../products/norms.ts";
import { spectrum } from "../spectrum/spectrum.ts";

/** What a measure is given: n tokens in d dimensions as the policy made them, `x[i * d + k]`. */
export interface MeasuredCloud extends Cloud64 {
  /** Whether the tokens are of length 1: true under the default policy and `standardize`, false under `none` and `layernorm`. */
  readonly unit: boolean;
}

export interface ViewOptions extends FloorOptions {
  /** The policy that made the cloud: says whether it lies on the sphere and whether the diagonal counts. */
  readonly policy?: Policy;
  /** The cloud before the policy, for its norms. */
  readonly raw?: Cloud;
  /** The products i < j, where a faster kernel has them already; not changed. */
  readonly pairs?: Float64Array;
  /** XᵀX, d × d, where it is known already; wanted for the spectrum where n > d. */
  readonly coordinates?: Float64Array;
  /** The floor for this n and d, made with the same masses, betas and thresholds, where it is known already. */
  readonly floor?: IsotropicFloor;
  /** Whether moments and masses get 95 % intervals; they do where nothing is said. */
  readonly intervals?: boolean;
  /** Where the cloud comes from, for messages: "text 0, layer 3". */
  readonly where?: string;
}

/** A cloud with what measures share. What is costly is made when it is first asked for, and then kept; nobody changes it. */
export interface CloudView extends Cloud {
  readonly unit: boolean;
  readonly where: string | null;
  readonly raw: Cloud | null;
  readonly masses: readonly number[];
  readonly betas: readonly number[];
  readonly thresholds: readonly number[];
  /** ⟨x_i, x_j⟩, i < j, in the order of `innerProducts`; cut to [−1, 1] for unit tokens. */
  readonly pairs: Float64Array;
  /** The same, ascending. */
  readonly sortedPairs: Float64Array;
  /** What is counted: `pairs`, or the whole Gram matrix where the policy includes the diagonal. */
  readonly values: Float64Array;
  /** The same, ascending. */
  readonly sortedValues: Float64Array;
  /** Of the Gram matrix, min(n, d) of them, largest first. */
  readonly eigenvalues: Float64Array;
  /** Independent uniform tokens of equal n and d, which are a floor for unit tokens that were not centred; else `null`. */
  readonly isotropic: IsotropicFloor | null;
  /** Whether there is `isotropic`, without making it. */
  readonly hasFloor: boolean;
  /** Floors of moments, quantiles and masses of `values`. */
  readonly valueFloors: Floors;
  /** Intervals for moments and masses of `values`; `null` with the diagonal or where they were not wanted. */
  readonly intervals: PairIntervals | null;
}

/** A length this far from 1 is not a rounding error of float32. */
const unitTolerance = 1e-5;

/**
 * Looks at a cloud that the policy has made.
 * Throws `input` for fewer than two tokens and, under `l2`, for tokens that are not of length 1.
 */
export function viewCloud(cloud: Cloud, options: ViewOptions = {}): CloudView {
  const { policy = defaultPolicy, masses = defaultMasses, betas = defaultBetas } = options;
  const { thresholds = defaultThresholds, raw = null, where = null } = options;
  if (policy.pairs === "across") throw new RangeError("pairs across texts are measured by probeAcross");
  const { n, d, x } = cloud;
  const unit = isUnit(policy.normalize);
  requireTokens(cloud, unit);
  const whole = policy.diagonal === "include";
  const hasFloor = policy.normalize === "l2" && policy.center === "none";
  const pairs = once(() => options.pairs ?? innerProducts(cloud, unit));
  const sortedPairs = once(() => sortValues(pairs().slice()));
  const values = once(() => (whole ? flattenedGram(cloud, pairs(), unit) : pairs()));
  const sortedValues = once(() => (whole ? sortValues(values().slice()) : sortedPairs()));
  const eigenvalues = once(() => spectrum(cloud, pairs(), options.coordinates));
  const isotropic = once(() => (hasFloor ? (options.floor ?? sharedFloor(n, d, options)) : null));
  const intervals = once(() => {
    if (whole || options.intervals === false) return null;
    return pairIntervals(pairs(), n, masses, unit ? [-1, 1] : [-Infinity, Infinity]);
  });
  return {
    ...{ n, d, x, unit, where, raw, masses, betas, thresholds, hasFloor },
    get pairs() {
      return pairs();
    },
    get sortedPairs() {
      return sortedPairs();
    },
    get values() {
      return values();
    },
    get sortedValues() {
      return sortedValues();
    },
    get eigenvalues() {
      return eigenvalues();
    },
    get isotropic() {
      return isotropic();
    },
    get valueFloors() {
      return whole && hasFloor ? diagonalFloors(n, d, masses) : (isotropic()?.values ?? {});
    },
    get intervals() {
      return intervals();
    },
  };
}

/** A copy of the tokens for a function that is not ours: whatever it does to them, the next measure sees them as they were. */
export function handedCloud({ n, d, x, unit }: CloudView): MeasuredCloud {
  return { n, d, x: Float64Array.from(x), unit };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function flattenedGram(cloud: Cloud, pairs: Float64Array, unit: boolean): Float64Array {
  const gram = unpackGram(pairs, squaredNorms(cloud));
  return unit ? clampToUnit(gram) : gram;
}

function requireTokens(cloud: Cloud, unit: boolean): void {
  if (cloud.n < 2) {
    throw new TokensphereError("input", `cloud: ${cloud.n} tokens, two are needed. give a longer text`);
  }
  if (!unit) return;
  const norms = tokenNorms(cloud);
  const i = norms.findIndex((norm) => !(Math.abs(norm - 1) < unitTolerance));
  if (i >= 0) {
    const remedy = `apply the policy first, or use ${option("normalize", "none")}`;
    throw new TokensphereError("input", `cloud: token ${i} has length ${norms[i]}, not 1. ${remedy}`);
  }
}
