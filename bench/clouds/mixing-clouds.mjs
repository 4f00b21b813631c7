// Tokens move each other, but where they are says nothing of who moves whom: position, lot or a graph does.
import { kind } from "./kinds.mjs";
import { dot, drawn, gathered, meanOf, mixed, moved, normalize, repeated } from "./sphere.mjs";
import { anisotropic, clustered, uniform } from "./starts.mjs";

const size = { n: 48, d: 24, layers: 10 };
const indices = (n) => Array.from({ length: n }, (_, i) => i);

/** Layers of x ← normalize((1 − h) x + h W x), W `[n, n]`. */
const mixing =
  (weights, h, start = uniform) =>
  (random, { n, d, layers }) => {
    const x0 = start(random, { n, d });
    const w = weights(random, n, x0, d);
    return repeated(x0, layers, (x) => drawn(x, mixed(w, x, d), h, d));
  };

/** Rows of W from each token's sources, with equal weights. */
function fromSources(n, sourcesOf) {
  const w = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const sources = sourcesOf(i);
    for (const j of sources) w[i * n + j] += 1 / sources.length;
  }
  return w;
}

const neighbours = (n, i) => [i - 1, i + 1].filter((j) => j >= 0 && j < n);
const sequence = (_random, n) => fromSources(n, (i) => neighbours(n, i));
const blocks = (_random, n) => fromSources(n, (i) => indices(n).filter((j) => Math.floor(j / 8) === Math.floor(i / 8)));
const graph = (random, n) => fromSources(n, () => random.permutation(n).slice(0, 4));
const leaders = (random, n) => fromSources(n, () => [random.below(n)]);

/** Each token's nearest at layer 0, for ever. */
const firstNearest = (_random, n, x0, d) =>
  fromSources(n, (i) => [
    indices(n)
      .filter((j) => j !== i)
      .reduce((a, b) => (dot(x0, i * d, x0, b * d, d) > dot(x0, i * d, x0, a * d, d) ? b : a)),
  ]);

/** Weights fall with the distance along the text, as a position bias makes them, and nothing else. */
function positionBias(_random, n) {
  const w = Float64Array.from({ length: n * n }, (_, at) => Math.exp(-Math.abs(Math.floor(at / n) - (at % n)) / 4));
  for (let i = 0; i < n; i++) {
    const row = w.subarray(i * n, (i + 1) * n);
    const total = row.reduce((a, b) => a + b);
    for (let j = 0; j < n; j++) row[j] /= total;
  }
  return w;
}

/** A fixed mixing of positions with signs, as MLP-Mixer learns one. */
const signed = (random, n) => random.normals(n * n).map((value) => value / Math.sqrt(n));

/** Softmax of logits drawn once: attention that does not look. */
function blind(random, n) {
  const w = random.normals(n * n).map((value) => Math.exp(2 * value));
  for (let i = 0; i < n; i++) {
    const total = w.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b);
    for (let j = 0; j < n; j++) w[i * n + j] /= total;
  }
  return w;
}

/** A state that runs along the text, s_i = .8 s_{i−1} + .2 x_i, is added to each token: a linear state-space layer. */
function stateSpace(random, { n, d, layers }) {
  const run = (x) => {
    const s = Float64Array.from(x);
    for (let i = d; i < s.length; i++) s[i] = 0.8 * s[i - d] + 0.2 * x[i];
    return s;
  };
  return repeated(uniform(random, { n, d }), layers, (x) => moved(x, normalize(run(x), d), 0.25, d));
}

/** Pairs by lot in every layer, and each pair meets half-way. */
function gossip(random, { n, d, layers }) {
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const order = random.permutation(n);
    const partner = new Array(n);
    order.forEach((i, at) => {
      partner[i] = order[at ^ 1] ?? i;
    });
    return drawn(x, gathered(x, partner, d), 0.25, d);
  });
}

/** Pairs by lot push each other off along their difference: energy is kept, nobody gathers (Kac's walk). */
function collisions(random, { n, d, layers }) {
  return repeated(clustered(random, { n, d }), layers, (x) => {
    const order = random.permutation(n);
    const y = Float64Array.from(x);
    for (let at = 0; at + 1 < n; at += 2) {
      const [i, j] = [order[at] * d, order[at + 1] * d];
      const c = random.uniform() - 0.5;
      for (let k = 0; k < d; k++) [y[i + k], y[j + k]] = [x[i + k] + c * x[j + k], x[j + k] - c * x[i + k]];
    }
    return normalize(y, d);
  });
}

/** In every layer one token in eight becomes a copy of another, by lot: lines die out as in a population. */
function copies(random, { n, d, layers }) {
  return repeated(uniform(random, { n, d }), layers, (x) =>
    gathered(
      x,
      indices(n).map((i) => (random.uniform() < 1 / 8 ? random.below(n) : i)),
      d,
    ),
  );
}

/** Each token goes a part of the way to where its predecessor is: what was said moves along the text. */
const queue = (random, { n, d, layers }) =>
  repeated(uniform(random, { n, d }), layers, (x) =>
    drawn(
      x,
      gathered(
        x,
        indices(n).map((i) => (i + n - 1) % n),
        d,
      ),
      0.35,
      d,
    ),
  );

/** Odd positions to one place, even ones to another. */
function parity(random, { n, d, layers }) {
  const places = uniform(random, { n: 2, d });
  return repeated(uniform(random, { n, d }), layers, (x) =>
    drawn(
      x,
      gathered(
        places,
        indices(n).map((i) => i % 2),
        d,
      ),
      0.1,
      d,
    ),
  );
}

/** All go to the token that is longest at layer 0; lengths are kept as networks have them. */
function heaviest(random, { n, d, layers }) {
  const length = Float64Array.from({ length: n }, () => Math.exp(random.normal()));
  const x0 = uniform(random, { n, d }).map((value, i) => value * length[Math.floor(i / d)]);
  const heavy = length.indexOf(Math.max(...length));
  return repeated(x0, layers, (x) => moved(x, gathered(x, new Array(n).fill(heavy), d), 0.02, d, true));
}

/** Along one direction tokens move to the order of their positions in the text; nothing else changes. */
function sorting(random, { n, d, layers }) {
  const axis = uniform(random, { n: 1, d });
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const y = Float64Array.from(x);
    for (let i = 0; i < n; i++) {
      const gap = (1.6 * (i + 0.5)) / n - 0.8 - dot(x, i * d, axis, 0, d);
      for (let k = 0; k < d; k++) y[i * d + k] += 0.25 * gap * axis[k];
    }
    return normalize(y, d);
  });
}

/** Springs: products relax to those of another cloud, which has clusters of its own. */
function springs(random, { n, d, layers }) {
  const rest = clustered(random, { n, d, spread: 0.7 });
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const w = Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n) * d, (at % n) * d];
      return dot(rest, i, rest, j, d) - dot(x, i, x, j, d);
    });
    return moved(x, mixed(w, x, d), 0.8 / n, d);
  });
}

/** Averaging by tokens, each of its own zeal: an inhomogeneous pull to the mean that all read alike. */
function zeal(random, { n, d, layers }) {
  const rate = Float64Array.from({ length: n }, () => 0.02 + 0.3 * random.uniform() ** 2);
  return repeated(anisotropic(random, { n, d, c: 0.1 }), layers, (x) => {
    const mean = normalize(meanOf(x, d), d);
    return normalize(
      x.map((v, i) => v + rate[Math.floor(i / d)] * mean[i % d]),
      d,
    );
  });
}

export const MIXING = [
  kind(
    "other",
    "sequence_smoothing",
    "the graph Laplacian of the text: each token toward positions i ± 1",
    size,
    mixing(sequence, 0.35),
  ),
  kind("other", "block_pooling", "blocks of eight positions average within", size, mixing(blocks, 0.15)),
  kind("other", "kuramoto_graph", "coupling along a fixed graph of four random tokens each", size, mixing(graph, 0.25)),
  kind("other", "leaders", "each token follows one other, drawn once", size, mixing(leaders, 0.15)),
  kind("other", "first_nearest", "each token toward what was its nearest at layer 0", size, mixing(firstNearest, 0.12)),
  kind("other", "position_bias", "weights fall along the text and look at nothing", size, mixing(positionBias, 0.25)),
  kind("other", "signed_mixer", "a fixed random mixing of positions, with signs", size, mixing(signed, 0.12)),
  kind("other", "blind_attention", "softmax of logits drawn once", size, mixing(blind, 0.25)),
  kind("other", "state_space", "a decaying sum of what came before in the text is added", size, stateSpace),
  kind("other", "gossip", "pairs drawn by lot in every layer meet half-way", size, gossip),
  kind("other", "collisions", "pairs drawn by lot turn in their common plane", size, collisions),
  kind("other", "copies", "one token in eight becomes a copy of another, by lot", size, copies),
  kind("other", "queue", "each token toward the place of its predecessor", size, queue),
  kind("other", "parity", "odd positions to one place, even ones to another", size, parity),
  kind("other", "heaviest", "all toward the token that is longest", size, heaviest),
  kind("other", "sorting", "along one direction tokens take the order of the text", size, sorting),
  kind("other", "springs", "products relax to those of another cloud", size, springs),
  kind("other", "zeal", "all toward the mean, each token at a rate of its own", size, zeal),
];
