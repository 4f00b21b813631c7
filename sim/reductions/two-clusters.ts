import { TokensphereError } from "../../models/errors.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { normalizeRows } from "../clouds/normalize-rows.ts";
import { twoClusterAngles } from "../theory/two-clusters.ts";
import type { Reduction } from "./reduction.ts";

/** Two clusters, the angle between them, and which token is in which. */
export interface TwoClusterState {
  /** In (0, π). */
  readonly phi: number;
  /** 0 or 1, token by token; the first is in 0. */
  readonly cluster: readonly number[];
}

/** Tokens of a cluster may be this far apart. */
const SAME = 1e-6;

/**
 * Two clusters of tokens (R §5): one angle stands for n tokens.
 *
 * @param weights - Masses of the tokens; left out: all equal.
 */
export function twoClusterReduction(
  dynamics: "sa" | "usa",
  weights?: readonly number[] | undefined,
): Reduction<TwoClusterState> {
  return {
    name: "two clusters",
    project: projectTwoClusters,
    lift: ({ phi, cluster }) => ({
      n: cluster.length,
      d: 2,
      x: Float64Array.from(cluster.flatMap((c) => (c === 0 ? [1, 0] : [Math.cos(phi), Math.sin(phi)]))),
    }),
    flow: async ({ phi, cluster }, beta, times) => {
      const masses = weights ?? cluster.map(() => 1);
      if (masses.length !== cluster.length)
        throw new TokensphereError("input", `weights: ${masses.length} numbers. give n = ${cluster.length}`);
      const total = masses.reduce((sum, mass) => sum + mass, 0);
      const mass = masses.reduce((sum, m, i) => (cluster[i] === 0 ? sum + m : sum), 0) / total;
      return twoClusterAngles({ dynamics, beta, phi0: phi, mass, times }).map((angle) => ({ phi: angle, cluster }));
    },
  };
}

function projectTwoClusters(cloud: Cloud): TwoClusterState {
  const { n, d } = cloud;
  const x = normalizeRows(cloud);
  const far = Array.from({ length: n }, (_, i) => distance(x, i, 0, d, -1)).findIndex((length) => length > SAME);
  if (far < 0) throw new TokensphereError("input", "cloud: one cluster. give two");
  const cluster = Array.from({ length: n }, (_, i) => {
    if (distance(x, i, 0, d, -1) <= SAME) return 0;
    if (distance(x, i, far, d, -1) <= SAME) return 1;
    throw new TokensphereError("input", `cloud: token ${i} is in a third cluster. give two`);
  });
  // Exact at both ends, where the cosine says little.
  return { phi: 2 * Math.atan2(distance(x, far, 0, d, -1), distance(x, far, 0, d, 1)), cluster };
}

/** ‖x_i + sign · x_j‖. */
function distance(x: Float64Array, i: number, j: number, d: number, sign: number): number {
  let squared = 0;
  for (let k = 0; k < d; k++) squared += (x[i * d + k] + sign * x[j * d + k]) ** 2;
  return Math.sqrt(squared);
}
