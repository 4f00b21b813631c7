// Tokens by groups: who is nearest to what, and k-means as a law of motion.
import { dot, drawn, gathered, meanOf, normalize, repeated } from "./sphere.mjs";

/** Lloyd's step toward the centroids of the tokens' own groups, each token to the nearest of k means that are followed. */
export function kMeansLayers(random, { n, d, layers, clusters, start, share = 0.25 }) {
  const x0 = start(random, { n, d, clusters });
  let centres = gathered(x0, farthestFirst(x0, n, d, clusters), d);
  return repeated(x0, layers, (x) => {
    const label = Array.from({ length: n }, (_, i) => nearest(x, i, centres, d));
    centres = centroids(x, label, centres, d);
    return drawn(x, gathered(centres, label, d), share, d);
  });
}

function farthestFirst(x, n, d, count) {
  const chosen = [0];
  while (chosen.length < count) {
    const closest = (i) => Math.max(...chosen.map((j) => dot(x, i * d, x, j * d, d)));
    chosen.push(Array.from({ length: n }, (_, i) => i).reduce((a, b) => (closest(b) < closest(a) ? b : a)));
  }
  return chosen;
}

/** The row of `centres` nearest to token i. */
export function nearest(x, i, centres, d) {
  let best = 0;
  for (let c = 1; c < centres.length / d; c++) {
    if (dot(x, i * d, centres, c * d, d) > dot(x, i * d, centres, best * d, d)) best = c;
  }
  return best;
}

function centroids(x, label, before, d) {
  const after = Float64Array.from(before);
  for (let c = 0; c < before.length / d; c++) {
    const members = label.flatMap((l, i) => (l === c ? [i] : []));
    if (members.length > 0) after.set(meanOf(gathered(x, members, d), d), c * d);
  }
  return normalize(after, d);
}
