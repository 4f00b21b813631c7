// Clouds that move as SA or USA with V = I: every one must be called attention.
import { attentionVelocity } from "./attention-law.mjs";
import { flow, layersOfFlow, timeOfWay } from "./flow.mjs";
import { kind } from "./kinds.mjs";
import { applied, noisy, randomRotation, repeated } from "./sphere.mjs";
import { anisotropic, clustered, coned, twoClusters, uniform } from "./starts.mjs";

const STARTS = { uniform, anisotropic, clustered, coned, two: twoClusters };
const KERNELS = { sa: "softmax", usa: "exponential" };

/** The velocity of SA or USA at β. */
export const lawOf = ({ n, d, family, beta, ...rest }) =>
  attentionVelocity({ n, d, beta, kernel: KERNELS[family], ...rest });

/** The layers of a row: from its start until the tokens moved by `way`. */
export function attentionLayers(random, size) {
  const x0 = STARTS[size.start](random, size);
  return layersOfFlow(lawOf(size), x0, size.d, size);
}

/** [family, β, start, time, noise, n, d, layers, way] */
const ROWS = [
  ["sa", 0.5, "uniform", "linear", 0, 64, 8, 10, 0.8],
  ["usa", 0.5, "anisotropic", "linear", 0, 32, 16, 10, 0.6],
  ["sa", 1, "anisotropic", "linear", 0, 48, 32, 10, 0.5],
  ["usa", 1, "uniform", "root", 0, 128, 8, 8, 0.7],
  ["sa", 2, "uniform", "quadratic", 0, 32, 16, 10, 0.8],
  ["usa", 2, "clustered", "sigmoid", 0.03, 48, 16, 10, 0.7],
  ["sa", 5, "coned", "sigmoid", 0.03, 64, 32, 10, 0.55],
  ["sa", 3, "uniform", "linear", 0, 32, 24, 24, 0.8],
  ["usa", 3, "uniform", "quadratic", 0.03, 64, 8, 10, 0.8],
  ["sa", 4, "uniform", "linear", 0.1, 64, 16, 10, 0.9],
  ["sa", 4, "uniform", "linear", 0.03, 16, 8, 10, 0.8],
  ["sa", 4, "uniform", "sigmoid", 0.1, 128, 8, 10, 0.8],
  ["sa", 4, "two", "linear", 0, 40, 24, 10, 0.7],
  ["usa", 3, "two", "linear", 0, 40, 24, 10, 0.6],
  ["usa", 4, "clustered", "linear", 0.1, 48, 24, 10, 0.8],
  ["sa", 5, "anisotropic", "linear", 0, 96, 64, 8, 0.7],
  ["sa", 6, "clustered", "sigmoid", 0.03, 32, 64, 10, 0.6],
  ["usa", 6, "uniform", "linear", 0, 48, 8, 10, 0.6],
  ["sa", 8, "uniform", "linear", 0.03, 64, 8, 10, 0.6],
  ["sa", 8, "anisotropic", "quadratic", 0.03, 40, 128, 10, 0.6],
  ["usa", 8, "clustered", "quadratic", 0, 64, 32, 10, 0.5],
  ["sa", 12, "clustered", "linear", 0, 24, 8, 10, 0.5],
  ["usa", 12, "clustered", "linear", 0.1, 48, 16, 10, 0.5],
  ["sa", 12, "uniform", "linear", 0, 48, 12, 10, 0.5],
];

const STARTED = {
  uniform: "uniform tokens",
  anisotropic: "tokens with a strong mean direction",
  clustered: "five clusters",
  coned: "clusters in a cone",
  two: "two clusters",
};
const told = ({ family, beta, start, time, noise }) =>
  `${family.toUpperCase()} at β = ${beta} from ${STARTED[start]}, ${time} time${noise > 0 ? `, noise ${noise} in every layer` : ""}`;

const plain = ROWS.map((/** @type {any[]} */ [family, beta, start, time, noise, n, d, layers, way]) => {
  const size = { family, beta, start, time, n, d, layers, way };
  const name = `${family}_${beta}_${start}_${time}${noise > 0 ? `_noise_${noise}` : ""}`;
  return kind("attention", name, told({ ...size, noise }), size, attentionLayers, { noise });
});

/** Noise that the next layer starts from: the flow of one layer, then a push of every token. */
function pushedLayers(random, size) {
  const x0 = STARTS[size.start](random, size);
  const velocity = lawOf(size);
  const step = timeOfWay(velocity, x0, size.d, size.way) / size.layers;
  return repeated(x0, size.layers, (x) => noisy(flow(velocity, x, size.d, [0, step])[1], size.d, size.push, random));
}

function rotatedLayers(random, size) {
  return attentionLayers(random, size).map((x) => applied(randomRotation(random, size.d), x, size.d));
}

const size = { family: "sa", beta: 4, start: "uniform", time: "linear", n: 48, d: 16, layers: 10, way: 0.8 };
export const ATTENTION = [
  ...plain,
  kind(
    "attention",
    "sa_4_pushed_0.03",
    "SA at β = 4; each layer pushes every token by .03, and the next starts there",
    { ...size, push: 0.03 },
    pushedLayers,
  ),
  kind(
    "attention",
    "usa_3_pushed_0.1",
    "USA at β = 3; each layer pushes every token by .1, and the next starts there",
    { ...size, family: "usa", beta: 3, push: 0.1 },
    pushedLayers,
  ),
];

/** No layer shares a basis with another: only what a rotation leaves can speak. `shared_basis: false` says so to the fit. */
export const ROTATED = [
  kind(
    "attention",
    "sa_4_rotated",
    "SA at β = 4, the basis of each layer turned at random: products move as SA's, places say nothing",
    size,
    rotatedLayers,
  ),
  kind(
    "attention",
    "usa_2_rotated",
    "USA at β = 2, the basis of each layer turned at random",
    { ...size, family: "usa", beta: 2, d: 24 },
    rotatedLayers,
  ),
];
