// Every token by itself: no token reads another. Most make tokens alike all the same.
import { attentionVelocity } from "./attention-law.mjs";
import { nearest } from "./groups.mjs";
import { kind } from "./kinds.mjs";
import { applied, dot, drawn, gathered, moved, normalize, repeated } from "./sphere.mjs";
import { anisotropic, clustered, uniform } from "./starts.mjs";

const size = { n: 48, d: 24, layers: 10 };
const gaussian = (random, rows, d) => random.normals(rows * d).map((value) => value / Math.sqrt(d));
const relu = (x) => x.map((value) => Math.max(0, value));
const times = (x, factor) => x.map((value) => factor * value);

/** x + .2 W2 ReLU(W1 x), the same weights in all layers: ReLU is never negative, so that all are drawn one way. */
function sharedMlp(random, { n, d, layers }) {
  const [w1, w2] = [times(gaussian(random, 4 * d, d), 3), gaussian(random, d, 4 * d)];
  return repeated(uniform(random, { n, d }), layers, (x) =>
    moved(x, applied(w2, relu(applied(w1, x, d)), 4 * d), 0.2, d),
  );
}

/** x + .25 W2 tanh(W1 x), weights of its own in every layer. */
function layeredMlp(random, { n, d, layers }) {
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const [w1, w2] = [times(gaussian(random, 4 * d, d), 3), gaussian(random, d, 4 * d)];
    return moved(x, applied(w2, applied(w1, x, d).map(Math.tanh), 4 * d), 0.25, d);
  });
}

/** h ← h + .3 (tanh(2 W h + b) − h): the same cell in every layer, which runs to attractors of its own. */
function recurrent(random, { n, d, layers }) {
  const w = times(gaussian(random, d, d), 2);
  const b = times(random.normals(d), 0.3);
  const cell = (x) => applied(w, x, d).map((value, i) => Math.tanh(value + b[i % d]));
  let state = uniform(random, { n, d });
  return repeated(state, layers, () => {
    state = drawnRaw(state, cell(state), 0.3);
    return normalize(Float64Array.from(state), d);
  });
}

const drawnRaw = (x, y, share) => x.map((value, i) => (1 - share) * value + share * y[i]);

/** A deep network without a residual stream: x ← ReLU(W x), new weights in every layer; angles shrink by the arc-cosine recursion. */
const reluStack = (random, { n, d, layers }) =>
  repeated(uniform(random, { n, d }), layers, (x) => normalize(relu(applied(gaussian(random, d, d), x, d)), d));

/** sign(x)|x|^p: the largest coordinates take all, so that tokens run to the axes. */
const sharpened = (random, { n, d, layers, power }) =>
  repeated(uniform(random, { n, d }), layers, (x) =>
    normalize(
      x.map((v) => Math.sign(v) * Math.abs(v) ** power),
      d,
    ),
  );

/** Each token turns in a plane of its own, at its own speed. */
function swirling(random, { n, d, layers }) {
  const x0 = uniform(random, { n, d });
  const side = uniform(random, { n, d });
  for (let i = 0; i < n; i++) {
    const along = dot(side, i * d, x0, i * d, d);
    for (let k = 0; k < d; k++) side[i * d + k] -= along * x0[i * d + k];
  }
  normalize(side, d);
  const speed = Float64Array.from({ length: n }, () => 0.05 + 0.1 * random.uniform());
  const angle = (k, i) => k * speed[Math.floor(i / d)];
  return Array.from({ length: layers + 1 }, (_, k) =>
    x0.map((v, i) => Math.cos(angle(k, i)) * v + Math.sin(angle(k, i)) * side[i]),
  );
}

/** Coordinates go out one after another, for all tokens: d/2 are left. */
function droppedCoordinates(random, { n, d, layers }) {
  const order = random.permutation(d);
  const gone = (k, i) => order.indexOf(i % d) < Math.round((k / layers) * (d - d / 3));
  const x0 = uniform(random, { n, d });
  return Array.from({ length: layers + 1 }, (_, k) =>
    normalize(
      x0.map((v, i) => (gone(k, i) ? 0 : v)),
      d,
    ),
  );
}

/** Rounding: each token drifts to the corner of the cube in its own orthant. */
const rounded = (random, { n, d, layers }) =>
  repeated(uniform(random, { n, d }), layers, (x) =>
    drawn(
      x,
      x.map((v) => Math.sign(v) / Math.sqrt(d)),
      0.15,
      d,
    ),
  );

/** A class for each token, drawn by lot: each is pulled to the corner of its class, as a classifier's last layers pull. */
function lots(random, { n, d, layers, classes }) {
  const corners = uniform(random, { n: classes, d });
  const label = Array.from({ length: n }, () => random.below(classes));
  return repeated(uniform(random, { n, d }), layers, (x) => drawn(x, gathered(corners, label, d), 0.1, d));
}

/** Which side of a fixed plane a token lies on decides where it goes: two ends that are nobody's mean. */
function sides(random, { n, d, layers }) {
  const ends = uniform(random, { n: 2, d });
  const normal = uniform(random, { n: 1, d });
  const x0 = uniform(random, { n, d });
  const label = Array.from({ length: n }, (_, i) => (dot(x0, i * d, normal, 0, d) > 0 ? 1 : 0));
  return repeated(x0, layers, (x) => drawn(x, gathered(ends, label, d), 0.1, d));
}

/** A direction per class grows, the class being the token's nearest of three fixed ones: hard centres, added in raw space. */
function grownClasses(random, { n, d, layers }) {
  const x0 = clustered(random, { n, d, clusters: 8, spread: 1 });
  const centres = uniform(random, { n: 3, d });
  const label = Array.from({ length: n }, (_, i) => nearest(x0, i, centres, d));
  const target = gathered(centres, label, d);
  return repeated(x0, layers, (x) => moved(x, target, 0.1, d));
}

/** Each token jumps to one common place at a layer of its own and stays. */
function lateJoiners(random, { n, d, layers }) {
  const x0 = uniform(random, { n, d });
  const place = uniform(random, { n: 1, d });
  const when = Array.from({ length: n }, () => 1 + random.below(2 * layers));
  const there = (k, i) => k >= when[Math.floor(i / d)];
  return Array.from({ length: layers + 1 }, (_, k) =>
    normalize(
      x0.map((v, i) => (there(k, i) ? 0.3 * v + place[i % d] : v)),
      d,
    ),
  );
}

/** One coordinate of all grows, its sign each token's own: the outlier dimension of trained networks. */
const outlier = (random, { n, d, layers }) =>
  repeated(anisotropic(random, { n, d, c: 0.1 }), layers, (x) =>
    normalize(
      x.map((v, i) => (i % d === 3 ? 1.3 * v : v)),
      d,
    ),
  );

/** x ← x + h U Uᵀ x: what lies in three fixed directions grows. */
function lowRank(random, { n, d, layers }) {
  const u = uniform(random, { n: 3, d });
  const back = Float64Array.from({ length: 3 * d }, (_, i) => u[(i % 3) * d + Math.floor(i / 3)]);
  return repeated(uniform(random, { n, d }), layers, (x) => moved(x, applied(back, applied(u, x, d), 3), 0.2, d));
}

/** Attention of each token to a long memory that no text changes: 400 fixed places, at low β. */
function memory(random, { n, d, layers }) {
  const x0 = uniform(random, { n, d });
  const sources = uniform(random, { n: 400, d });
  const velocity = attentionVelocity({ n, d, beta: 8, sources });
  return repeated(x0, layers, (x) => {
    const v = new Float64Array(x.length);
    velocity(x, v);
    return moved(x, v, 0.5, d);
  });
}

export const TOKEN_WISE = [
  kind("other", "mlp_shared", "one random residual MLP, layer after layer", size, sharedMlp),
  kind("other", "mlp_layers", "a random residual MLP of its own in every layer", size, layeredMlp),
  kind("other", "recurrent_cell", "a token-wise recurrent cell that runs to its attractors", size, recurrent),
  kind(
    "other",
    "relu_stack",
    "random ReLU layers without a residual stream: every angle shrinks as a function of itself",
    size,
    reluStack,
  ),
  kind(
    "other",
    "sharpened",
    "the largest coordinates take all: tokens run to the axes",
    { ...size, power: 1.2 },
    sharpened,
  ),
  kind("other", "swirling", "each token turns in a plane of its own", size, swirling),
  kind(
    "other",
    "dropped_coordinates",
    "coordinates go out one after another, for all tokens",
    size,
    droppedCoordinates,
  ),
  kind(
    "other",
    "rounded",
    "each token drifts to the corner of the cube in its own orthant",
    { ...size, d: 12 },
    rounded,
  ),
  kind(
    "other",
    "lots",
    "a class for each token, drawn by lot, and a pull to its corner",
    { ...size, classes: 4 },
    lots,
  ),
  kind("other", "sides", "the side of a fixed plane decides to which of two ends a token goes", size, sides),
  kind(
    "other",
    "grown_classes",
    "one of three fixed vectors is added to each token, by the first layer's nearest",
    size,
    grownClasses,
  ),
  kind("other", "late_joiners", "each token jumps to one common place, at a layer of its own", size, lateJoiners),
  kind("other", "outlier_coordinate", "one coordinate grows, each token's sign its own", size, outlier),
  kind("other", "low_rank_growth", "what lies in three fixed directions grows", { ...size, n: 64, d: 16 }, lowRank),
  kind(
    "other",
    "memory",
    "a softmax pull to 400 fixed places in 24 dimensions, too far apart to be the text's own clusters",
    size,
    memory,
  ),
];
