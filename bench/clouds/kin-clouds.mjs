// Attention of another form, and what one trajectory cannot tell from attention: shown and counted apart, with the reason.
import { attentionVelocity } from "./attention-law.mjs";
import { flow, layersOfFlow } from "./flow.mjs";
import { kMeansLayers } from "./groups.mjs";
import { kind } from "./kinds.mjs";
import { dot } from "./sphere.mjs";
import { anisotropic, clustered, uniform } from "./starts.mjs";

const size = { n: 48, d: 16, layers: 10, way: 0.7 };
const grouped = { n: 40, d: 24, layers: 10, way: 0.45, clusters: 5, spread: 0.8 };

/** The flow of a law from a uniform start; law(random, size, x0) gives what `attentionVelocity` reads. */
const of =
  (law, start = uniform) =>
  (random, own) => {
    const x0 = start(random, own);
    return layersOfFlow(attentionVelocity({ n: own.n, d: own.d, ...law(random, own, x0) }), x0, own.d, own);
  };

const causal = (kernel, beta) => of(() => ({ kernel, beta, causal: true }));
/** Query and key share a matrix close to the identity: scores see some directions more. */
const stretched = (random, { d }) =>
  Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 + 0.3 * random.normal() : 0));
const firstWeights = (beta, x0, d) => (_product, i, j) => Math.exp(beta * (dot(x0, i * d, x0, j * d, d) - 1));

/** A token-wise pull to centres that never move: softmax(β⟨x, c⟩) over them. */
function hopfield(random, own) {
  const x0 = clustered(random, own);
  const centres = uniform(random, { n: own.clusters, d: own.d });
  return layersOfFlow(attentionVelocity({ n: own.n, d: own.d, beta: 6, sources: centres }), x0, own.d, own);
}

/** The same pull, to the places where SA itself would have gathered the tokens. */
function hopfieldAtClusters(random, own) {
  const x0 = clustered(random, own);
  const [, ends] = flow(attentionVelocity({ n: own.n, d: own.d, beta: 9 }), x0, own.d, [0, 5], { tolerance: 1e-6 });
  return layersOfFlow(attentionVelocity({ n: own.n, d: own.d, beta: 9, sources: ends }), x0, own.d, own);
}

export const KIN = [
  kind(
    "kin",
    "sa_causal",
    "token i reads j ≤ i only: attention, but of no token as SA over all would; its own family is the next row",
    size,
    causal("softmax", 4),
  ),
  kind(
    "attention",
    "sa_causal_asked",
    "the same law where the causal families are fitted beside SA and USA",
    size,
    causal("softmax", 4),
    { options: { families: ["sa", "usa", "sa_causal", "usa_causal"] } },
  ),
  kind("kin", "usa_causal", "USA that reads j ≤ i only", size, causal("exponential", 2)),
  kind(
    "kin",
    "ngpt",
    "SA's directions, each token at a speed of its own: divided by the length of its attention output",
    size,
    of(() => ({ beta: 4, unitLength: true })),
  ),
  kind(
    "kin",
    "query_key",
    "scores through a diagonal matrix near the identity, V = I",
    size,
    of((random, own) => ({ beta: 4, queryKey: stretched(random, own) })),
  ),
  kind(
    "kin",
    "linear_attention",
    "weights ⟨x_i, x_j⟩ without exponential: USA's second term, without its first",
    size,
    of(() => ({ kernel: (product) => product, normalized: false })),
  ),
  kind(
    "kin",
    "first_attention",
    "SA's weights of layer 0, never computed again: attention whose graph is frozen",
    size,
    of((_random, { d }, x0) => ({ kernel: firstWeights(4, x0, d) })),
  ),
  kind(
    "kin",
    "krause",
    "the mean of all tokens within 60 degrees: another kernel, tokens still select tokens",
    { ...size, d: 6 },
    of(() => ({ kernel: (product) => (product > 0.5 ? 1 : 0) })),
  ),
];

const fixed =
  "an attention update is a function of the token given its cloud, and this is such a function without the cloud: only another context of the same tokens tells";
export const UNDECIDABLE = [
  kind("undecidable", "hopfield", `a pull to five centres that never move; ${fixed}`, grouped, hopfield),
  kind(
    "undecidable",
    "hopfield_at_clusters",
    `a pull to the places where SA would have gathered the tokens; ${fixed}`,
    grouped,
    hopfieldAtClusters,
  ),
  kind(
    "undecidable",
    "hopfield_own_start",
    `a softmax pull to the tokens of layer 0, which stay there (classical mean shift); ${fixed}`,
    { ...size, way: 0.22 },
    of((_random, _own, x0) => ({ beta: 6, sources: x0 })),
  ),
  kind(
    "undecidable",
    "k_means_clustered",
    "a step to the centroid of the token's own group, in groups far apart: there SA's weights are equal within a group and nothing beyond it, so that SA is this step",
    grouped,
    (random, own) => kMeansLayers(random, { ...own, start: clustered }),
  ),
  kind(
    "undecidable",
    "cross_dense",
    "attention to the tokens of another text from the same law, 128 of them on a sphere of four dimensions: their density is the text's own",
    { n: 128, d: 4, layers: 10, way: 0.5 },
    of((random, own) => ({ beta: 2, sources: uniform(random, own) })),
  ),
  kind(
    "undecidable",
    "sa_0.5_noise_0.1",
    "SA at β = .5 under noise of .1: averaging to within the noise, and averaging is the plainer word",
    { ...size, d: 32, layers: 8 },
    of(() => ({ beta: 0.5 }), anisotropic),
    { noise: 0.1 },
  ),
];
