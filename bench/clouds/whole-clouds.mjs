// One map for all tokens, or attention that is not SA or USA with V = I.
import { attentionLayers, lawOf } from "./attention-clouds.mjs";
import { attentionVelocity } from "./attention-law.mjs";
import { layersOfFlow } from "./flow.mjs";
import { kMeansLayers } from "./groups.mjs";
import { kind } from "./kinds.mjs";
import {
  applied,
  drawn,
  gathered,
  meanOf,
  mixed,
  moved,
  noisy,
  normalize,
  project,
  randomRotation,
  repeated,
  turning,
} from "./sphere.mjs";
import { anisotropic, clustered, uniform } from "./starts.mjs";

const size = { n: 48, d: 16, layers: 10, way: 0.7 };
const NEAR = ["averaging", "common_motion"];

const of =
  (law, start = uniform) =>
  (random, own) => {
    const x0 = start(random, own);
    return layersOfFlow(attentionVelocity({ n: own.n, d: own.d, ...law(random, own) }), x0, own.d, own);
  };
const identity = (d, factor) => Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? factor : 0));

/** SA's velocity of token π(i), turned into the tangent space of token i: the right field on the wrong tokens. */
function shuffledField(random, own) {
  const order = random.permutation(own.n);
  const law = lawOf({ ...own, family: "sa", beta: 4 });
  const velocity = (x, out) => {
    const v = new Float64Array(x.length);
    law(x, v);
    out.set(project(x, gathered(v, order, own.d), own.d));
  };
  return layersOfFlow(velocity, uniform(random, own), own.d, own);
}

const reversed = (random, own) =>
  attentionLayers(random, { ...own, family: "sa", beta: 4, start: "uniform" }).reverse();

/** All turn together while each is drawn to the mean. */
function turnedCollapse(random, { n, d, layers }) {
  const turn = turning(random, d, 0.25);
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const mean = normalize(meanOf(x, d), d);
    const y = applied(turn, x, d);
    const target = applied(turn, mean, d);
    return normalize(
      y.map((v, i) => v + 0.12 * target[i % d]),
      d,
    );
  });
}

/** Directions of layer 0 shrink the faster the smaller they are: a whitening run backwards. x ← x + h C x, C of layer 0, fixed. */
function backwardWhitening(random, { n, d, layers }) {
  const x0 = anisotropic(random, { n, d, c: 0.02 });
  const c = new Float64Array(d * d);
  for (let i = 0; i < n; i++)
    for (let a = 0; a < d * d; a++) c[a] += (x0[i * d + Math.floor(a / d)] * x0[i * d + (a % d)]) / n;
  return repeated(x0, layers, (x) => moved(x, applied(c, x, d), 1, d));
}

/** Tokens stay, each observed layer is turned as a whole: no product changes. */
function rigid(random, { n, d, layers }) {
  const turn = turning(random, d, 0.15);
  return repeated(uniform(random, { n, d }), layers, (x) => applied(turn, x, d));
}

/** A vector of its own in every layer is added to all tokens. */
function steered(random, { n, d, layers }) {
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const common = uniform(random, { n: 1, d });
    return moved(
      x,
      x.map((_, i) => common[i % d]),
      0.25,
      d,
    );
  });
}

/** The same vector in every layer, in bases that no two layers share. */
function turnedDrift(random, { n, d, layers }) {
  const common = uniform(random, { n: 1, d });
  const clouds = repeated(uniform(random, { n, d }), layers, (x) =>
    moved(
      x,
      x.map((_, i) => common[i % d]),
      0.1,
      d,
    ),
  );
  return clouds.map((x) => applied(randomRotation(random, d), x, d));
}

const heat = (random, { n, d, layers }) =>
  repeated(clustered(random, { n, d, spread: 0.4 }), layers, (x) => noisy(x, d, 0.15, random));
/** One cloud seen again and again. */
const still = (random, { n, d, layers }) => repeated(uniform(random, { n, d }), layers, (x) => x);

/** Layer 0 fades into a cloud of clusters that has nothing to do with it. */
function crossfade(random, { n, d, layers }) {
  const x0 = uniform(random, { n, d });
  const end = clustered(random, { n, d, spread: 0.5 });
  return Array.from({ length: layers + 1 }, (_, k) => drawn(x0, end, (0.6 * k) / layers, d));
}

/** Each token toward the mean of three others that are drawn anew in every layer. */
function strangers(random, { n, d, layers }) {
  return repeated(uniform(random, { n, d }), layers, (x) => {
    const w = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (const j of random.permutation(n).slice(0, 3)) w[i * n + j] += 1 / 3;
    return drawn(x, mixed(w, x, d), 0.15, d);
  });
}

export const WHOLE = [
  kind("other", "steered", "a vector of its own in every layer is added to all tokens", size, steered, {
    expected: ["common_motion"],
  }),
  kind("other", "turned_drift", "one vector added to all, in bases that no two layers share", size, turnedDrift),
  kind(
    "other",
    "averaging",
    "SA at β = 0: every token toward the mean",
    size,
    of(() => ({ beta: 0 })),
    { expected: NEAR },
  ),
  kind(
    "other",
    "averaging_noise",
    "the same from a strong mean direction, noise .03 in every layer",
    { ...size, d: 48 },
    of(() => ({ beta: 0 }), anisotropic),
    { noise: 0.03, expected: NEAR },
  ),
  kind("other", "turned_collapse", "all turn together while each is drawn to the mean", size, turnedCollapse),
  kind(
    "other",
    "backward_whitening",
    "small directions of layer 0 collapse: a fixed matrix",
    { ...size, n: 64 },
    backwardWhitening,
  ),
  kind("other", "rigid", "the cloud turns as a whole: no product changes", size, rigid),
  kind("other", "still", "one cloud, noise .05 in every layer: nothing moves", size, still, {
    noise: 0.05,
    expected: ["none", "undecided"],
  }),
  kind("other", "heat", "clusters that noise dissolves", size, heat),
  kind("other", "crossfade", "layer 0 fades into clusters that have nothing to do with it", size, crossfade),
  kind(
    "other",
    "k_means_uniform",
    "Lloyd's step to six centroids of a cloud without clusters",
    { ...size, clusters: 6 },
    (random, own) => kMeansLayers(random, { ...own, start: uniform, share: 0.15 }),
  ),
  kind("other", "strangers", "each token toward the mean of three others, drawn anew in every layer", size, strangers),
];

export const OTHER_ATTENTION = [
  kind(
    "other",
    "value_minus",
    "SA at β = 4 with V = −I: tokens flee",
    size,
    of((_random, { d }) => ({ beta: 4, value: identity(d, -1) }), clustered),
  ),
  kind(
    "other",
    "value_random",
    "SA at β = 4 with a random V",
    size,
    of((random, { d }) => ({ beta: 4, value: random.normals(d * d).map((v) => v / Math.sqrt(d)) })),
  ),
  kind(
    "other",
    "value_turned",
    "SA at β = 4 whose V turns by 70 degrees",
    size,
    of((random, { d }) => ({ beta: 4, value: turning(random, d, 1.2) })),
  ),
  kind(
    "other",
    "mean_turned",
    "averaging whose V turns by 70 degrees",
    size,
    of((random, { d }) => ({ beta: 0, value: turning(random, d, 1.2) }), anisotropic),
  ),
  kind(
    "other",
    "negative_beta",
    "SA at β = −4: tokens are drawn to what is far from them",
    size,
    of(() => ({ beta: -4 })),
  ),
  kind(
    "other",
    "cross",
    "SA at β = 6 on the tokens of another text, 48 in 24 dimensions",
    { ...size, d: 24, way: 0.5 },
    of((random, own) => ({ beta: 6, sources: uniform(random, own) })),
  ),
  kind(
    "other",
    "shuffled_field",
    "SA's velocities at β = 4, each given to another token",
    { ...size, way: 0.6 },
    shuffledField,
  ),
  kind("other", "reversed", "the layers of SA at β = 4 from last to first", size, reversed),
];
