import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clusterCurve } from "../../probes/clusters/cluster-curve.ts";
import { connectedComponents } from "../../probes/clusters/clusters.ts";
import { viewCloud } from "../../probes/measures/cloud-view.ts";
import { nearestNeighbours } from "../../probes/neighbours/nearest-neighbours.ts";
import { linearCka } from "../../probes/pairs/linear-cka.ts";
import { neighbourOverlap } from "../../probes/pairs/neighbour-overlap.ts";
import { applyPolicy } from "../../probes/policy/apply-policy.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import { probeCloud } from "../../probes/probe-cloud.ts";
import { meanCosine } from "../../probes/products/mean-cosine.ts";
import { clusterAgreement } from "../../src/levels/cluster-agreement.ts";
import { waves } from "./waves.ts";

interface Expected {
  readonly n: number;
  readonly d: number;
  readonly components: readonly (readonly (readonly number[])[])[];
  readonly cluster_agreement: number | null;
  readonly nearest: readonly (readonly number[])[];
  readonly neighbour_overlap: number;
  readonly intrinsic_dimension: number;
  readonly cka: number;
  readonly top_direction_share: number;
  readonly collapse_residual: number;
  readonly standardized_mean_cosine: number;
}

/** Made by make_sklearn.py beside it. */
const { thresholds, clouds }: { readonly thresholds: readonly number[]; readonly clouds: readonly Expected[] } =
  JSON.parse(readFileSync(new URL("../fixtures/measures/sklearn.json", import.meta.url), "utf8"));

describe.each(clouds)("$n tokens in $d dimensions beside scikit-learn", ({ n, d, ...expected }) => {
  const raw = waves(n, d, 0.1, 3);
  const [a, b] = [raw, waves(n, d, 0.5, 0.7)].map((cloud) => viewCloud(applyPolicy(cloud, resolvePolicy())));
  const value = (cloud: typeof a, name: string) =>
    probeCloud(cloud).measures.find(({ measure }) => measure === name)?.value;

  it("clusters are those of DBSCAN and of single linkage, in the same order", () => {
    for (const [c, cloud] of [a, b].entries()) {
      const found = thresholds.map((threshold) => [...connectedComponents(cloud.pairs, n, threshold)]);
      expect(found).toEqual(expected.components[c]);
      const counts = clusterCurve(cloud.pairs, n, thresholds).map(({ clusters }) => clusters);
      expect(counts).toEqual(found.map((labels) => new Set(labels).size));
    }
    expect(new Set(expected.components[1].map((labels) => Math.max(...labels))).size).toBeGreaterThan(1);
  });

  it("clusters agree as the adjusted Rand index of scikit-learn says", () => {
    const found = clusterAgreement(b.pairs, a.pairs, n);
    if (expected.cluster_agreement === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected.cluster_agreement, 12);
  });

  it("nearest tokens and their overlap are those of NearestNeighbors", () => {
    const k = expected.nearest[0].length;
    expect([...nearestNeighbours(b.pairs, new Float64Array(n).fill(1), k)]).toEqual(expected.nearest.flat());
    expect(neighbourOverlap.between(a, b, null)).toBeCloseTo(expected.neighbour_overlap, 12);
  });

  // float64 in both, sums in another order; TruncatedSVD is iterative and good to some 1e-13.
  it("dimension, CKA, top direction, collapse and standardized tokens are its numbers", () => {
    expect(value(b, "intrinsic_dimension")).toBeCloseTo(expected.intrinsic_dimension, 10);
    expect(linearCka.between(a, b, null)).toBeCloseTo(expected.cka, 11);
    expect(value(a, "top_direction_share")).toBeCloseTo(expected.top_direction_share, 11);
    expect(value(a, "collapse_residual")).toBeCloseTo(expected.collapse_residual, 11);
    const standard = applyPolicy(raw, resolvePolicy({ normalize: "standardize" }));
    expect(meanCosine(standard)).toBeCloseTo(expected.standardized_mean_cosine, 11);
  });
});
