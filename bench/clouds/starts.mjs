// First clouds.
import { normalize, project } from "./sphere.mjs";

export const uniform = (random, { n, d }) => normalize(random.normals(n * d), d);

/** A strong mean direction, as networks have: mean cosine about c; the other directions' sizes fall as k^(−1/2). */
export function anisotropic(random, { n, d, c = 0.4 }) {
  const axis = uniform(random, { n: 1, d });
  const fall = Float64Array.from({ length: d }, (_, k) => 1 / Math.sqrt(1 + k));
  const x = random.normals(n * d).map((value, i) => value * fall[i % d]);
  for (let at = 0; at < x.length; at += d) {
    const row = normalize(project(axis, x.subarray(at, at + d), d), d);
    for (let k = 0; k < d; k++) row[k] = Math.sqrt(c) * axis[k] + Math.sqrt(1 - c) * row[k];
  }
  return normalize(x, d);
}

/**
 * Clusters around centres at random, tokens in no order; spread is the length of what is added to a centre. `label(rank, n)` gives the
 * cluster of the token of a rank: equal sizes unless it is given.
 */
export function clustered(random, { n, d, clusters = 5, spread = 0.6, label = (rank, _n) => rank % clusters }) {
  const centres = uniform(random, { n: clusters, d });
  const order = random.permutation(n);
  const x = random.normals(n * d);
  for (let i = 0; i < n; i++) {
    const from = label(order[i], n) * d;
    for (let k = 0; k < d; k++) x[i * d + k] = centres[from + k] + (spread / Math.sqrt(d)) * x[i * d + k];
  }
  return normalize(x, d);
}

/** Two clusters, one with a third of the tokens. */
export const twoClusters = (random, size) =>
  clustered(random, { ...size, clusters: 2, spread: 0.5, label: (rank, n) => (rank < n / 3 ? 0 : 1) });

/** Clusters in a cone: a strong mean direction and six clusters around it. */
export function coned(random, { n, d, c = 0.3 }) {
  const axis = uniform(random, { n: 1, d });
  const rows = project(
    new Float64Array(n * d).map((_, i) => axis[i % d]),
    clustered(random, { n, d, clusters: 6, spread: 0.7 }),
    d,
  );
  return normalize(
    normalize(rows, d).map((value, i) => Math.sqrt(c) * axis[i % d] + Math.sqrt(1 - c) * value),
    d,
  );
}
