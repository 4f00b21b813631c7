export { applyPolicy, applyPolicyToSelection } from "./apply-policy.ts";
export { type AttentionEntropy, attentionEntropy } from "./attention-entropy.ts";
export { type AttentionSlope, attentionSlope } from "./attention-slope.ts";
export { type BinRule, fixedEdges, freedmanDiaconisEdges, rangeEdges } from "./bin-edges.ts";
export { centerCloud, meanVector } from "./center-cloud.ts";
export type { Cloud } from "./cloud.ts";
export { type Cloud64, toCloud64 } from "./cloud64.ts";
export { type ClusterPoint, clusterCurve, defaultThresholds } from "./cluster-curve.ts";
export { connectedComponents } from "./clusters.ts";
export { type Energy, energyOf } from "./energy.ts";
export { glprFigure1 } from "./glpr-figure1.ts";
export { type GramEngine, openGramEngine } from "./gram-engine.ts";
export { coordinateGram, packGram, squaredNorms, transpose, unpackGram } from "./gram-matrix.ts";
export { countInto, density, type Histogram, histogram } from "./histogram.ts";
export { incompleteBeta } from "./incomplete-beta.ts";
export { clampToUnit, innerProducts, innerProductsInto, innerProductsNaive, pairCount } from "./inner-products.ts";
export { innerProductsAcross, innerProductsBetween } from "./inner-products-across.ts";
export { isotropicCloud } from "./isotropic-cloud.ts";
export { isotropicClusters } from "./isotropic-clusters.ts";
export { diagonalFloors } from "./isotropic-diagonal.ts";
export { distanceToIsotropic, isotropicDistanceFloor, isotropicFineCdf } from "./isotropic-distance.ts";
export { logIsotropicExp, logIsotropicScaledEnergy } from "./isotropic-energy.ts";
export { cosineFloors, type FloorOptions, type IsotropicFloor, isotropicFloor } from "./isotropic-floor.ts";
export { isotropicCdf, isotropicQuantile, isotropicTail, studentQuantile } from "./isotropic-law.ts";
export {
  isotropicEffectiveRank,
  isotropicEffectiveRankOfEigenvalues,
  isotropicParticipationRatio,
} from "./isotropic-rank.ts";
export { type Interval, type PairIntervals, pairIntervals } from "./jackknife.ts";
export { logGamma } from "./log-gamma.ts";
export { marchenkoPasturMean } from "./marchenko-pastur.ts";
export { massAbove } from "./mass-above.ts";
export { maximumSpanningTree, type SpanningTree } from "./maximum-spanning-tree.ts";
export { meanCosine } from "./mean-cosine.ts";
export { meanVectorNorm } from "./mean-vector-norm.ts";
export { type Floors, type Measure, measureRow } from "./measure.ts";
export { measureClusters } from "./measure-clusters.ts";
export { defaultBetas, defaultMasses, quantileLevels } from "./measure-defaults.ts";
export { measureEnergy } from "./measure-energy.ts";
export { measureNorms } from "./measure-norms.ts";
export { measureProducts, type ProductKind } from "./measure-products.ts";
export { measureSpectrum } from "./measure-spectrum.ts";
export { type Moments, moments } from "./moments.ts";
export { normalizeCloud, normalizeInPlace, type TokenName } from "./normalize-cloud.ts";
export { type NormSummary, normSummary, tokenNorms } from "./norms.ts";
export {
  type Centering,
  type Diagonal,
  defaultPolicy,
  type Normalization,
  type PairScope,
  type PartialPolicy,
  type Policy,
  removedDirections,
  resolvePolicy,
  type SpecialTokens,
} from "./policy.ts";
export { type PolicyRecord, policyRecord } from "./policy-record.ts";
export { principalDirections } from "./principal-directions.ts";
export { type AcrossOptions, probeAcross } from "./probe-across.ts";
export { type HeadProbe, probeAttention } from "./probe-attention.ts";
export { type CloudProbe, type MeasureGroup, type ProbeOptions, probeCloud, wants } from "./probe-cloud.ts";
export { type LayerOptions, type LayerProbe, probeLayer, probeLayerWith } from "./probe-layer.ts";
export { quantiles } from "./quantiles.ts";
export { defaultSeed, type RandomSource, seededRandom } from "./random.ts";
export { keptPositions, type Selection, selectTokens } from "./select-tokens.ts";
export { factorise, type LinearSolver } from "./solve-linear.ts";
export { effectiveRank, effectiveRankOfEigenvalues, isoscore, participationRatio, spectrum } from "./spectrum.ts";
export { symmetricEigenvalues, tridiagonalEigenvalues } from "./symmetric-eigenvalues.ts";
export { tridiagonalize } from "./tridiagonalize.ts";
export { disjointSets, findRoot, unite } from "./union-find.ts";
export { wasserstein1Counts, wasserstein1Sorted, wasserstein1Weighted } from "./wasserstein1.ts";
