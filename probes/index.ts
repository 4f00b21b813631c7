export { DEFAULT_SEED, type RandomSource, randomSource } from "../models/random.ts";
export { type AttentionEntropy, attentionEntropy } from "./attention/attention-entropy.ts";
export { type AttentionSlope, attentionSlope } from "./attention/attention-slope.ts";
export { type HeadProbe, probeAttention } from "./attention/probe-attention.ts";
export { type Cloud, type Cloud64, toCloud64 } from "./cloud.ts";
export { type ClusterPoint, clusterCurve, defaultThresholds } from "./clusters/cluster-curve.ts";
export { connectedComponents } from "./clusters/clusters.ts";
export {
  type ClusterEvent,
  type ClusterHistory,
  type ClusterPlateau,
  trackClusters,
} from "./clusters/track-clusters.ts";
export { coordinateContributions, coordinateShares, isRogue } from "./coordinates/coordinate-shares.ts";
export { type CoordinatePeak, coordinatePeaks } from "./coordinates/massive-activations.ts";
export type { Floors } from "./floors/floors.ts";
export { isotropicCloud } from "./floors/isotropic-cloud.ts";
export { isotropicClusters } from "./floors/isotropic-clusters.ts";
export { diagonalFloors } from "./floors/isotropic-diagonal.ts";
export { distanceToIsotropic, isotropicDistanceFloor, isotropicFineCdf } from "./floors/isotropic-distance.ts";
export { logIsotropicExp, logIsotropicScaledEnergy } from "./floors/isotropic-energy.ts";
export { cosineFloors, type FloorOptions, type IsotropicFloor, isotropicFloor } from "./floors/isotropic-floor.ts";
export {
  isotropicEffectiveRank,
  isotropicEffectiveRankOfEigenvalues,
  isotropicParticipationRatio,
} from "./floors/isotropic-rank.ts";
export { marchenkoPasturMean } from "./floors/marchenko-pastur.ts";
export { defaultBetas, defaultMasses, quantileLevels } from "./floors/measure-defaults.ts";
export { glprFigure1 } from "./glpr-figure1.ts";
export { type CloudView, type MeasuredCloud, type ViewOptions, viewCloud } from "./measures/cloud-view.ts";
export { clusterMeasures } from "./measures/cluster-measures.ts";
export { collapseMeasure, collapseResidual } from "./measures/collapse-measure.ts";
export { coordinateMeasure } from "./measures/coordinate-measure.ts";
export { asMeasure, defineMeasure, type MeasureDefinition } from "./measures/define-measure.ts";
export { energyMeasures } from "./measures/energy-measures.ts";
export { isotropicDistanceMeasure } from "./measures/isotropic-distance-measure.ts";
export { meanVectorMeasure, meanVectorNorm } from "./measures/mean-vector-norm.ts";
export { type Measure, type MeasureRow, measureRow } from "./measures/measure.ts";
export { MEASURES } from "./measures/measures.ts";
export { normMeasures } from "./measures/norm-measures.ts";
export { measureProducts, type ProductKind, productMeasures } from "./measures/product-measures.ts";
export { spectrumMeasures } from "./measures/spectrum-measures.ts";
export { dimensionOfRatios, twoNn, twoNnMeasure } from "./measures/two-nn-measure.ts";
export { nearestNeighbours } from "./neighbours/nearest-neighbours.ts";
export { incompleteBeta } from "./numerics/incomplete-beta.ts";
export { isotropicCdf, isotropicQuantile, isotropicTail, studentQuantile } from "./numerics/isotropic-law.ts";
export { logGamma } from "./numerics/log-gamma.ts";
export { maximumSpanningTree, type SpanningTree } from "./numerics/maximum-spanning-tree.ts";
export { quantiles } from "./numerics/quantiles.ts";
export { factorize, type LinearSolver } from "./numerics/solve-linear.ts";
export { symmetricEigenvalues, tridiagonalEigenvalues } from "./numerics/symmetric-eigenvalues.ts";
export { tridiagonalize } from "./numerics/tridiagonalize.ts";
export { disjointSets, findRoot, unite } from "./numerics/union-find.ts";
export { wasserstein1Counts, wasserstein1Sorted, wasserstein1Weighted } from "./numerics/wasserstein1.ts";
export { angleMoved } from "./pairs/angle-moved.ts";
export { asPairMeasure, definePairMeasure, type PairMeasureDefinition } from "./pairs/define-pair-measure.ts";
export { linearCka } from "./pairs/linear-cka.ts";
export { neighbourOverlap } from "./pairs/neighbour-overlap.ts";
export { pairCorrelation } from "./pairs/pair-correlation.ts";
export type { PairMeasure, PairRow } from "./pairs/pair-measure.ts";
export { PAIR_MEASURES } from "./pairs/pair-measures.ts";
export { closestInCommon, productCorrelation, productRmse } from "./pairs/product-agreement.ts";
export { w1 } from "./pairs/w1.ts";
export { applyPolicy, applyPolicyToSelection } from "./policy/apply-policy.ts";
export { centerCloud, meanVector } from "./policy/center-cloud.ts";
export { normalizeCloud, normalizeInPlace, type TokenName } from "./policy/normalize-cloud.ts";
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
} from "./policy/policy.ts";
export { type PolicyRecord, policyRecord } from "./policy/policy-record.ts";
export { keptPositions, type Selection, selectTokens } from "./policy/select-tokens.ts";
export { type AcrossOptions, probeAcross } from "./probe-across.ts";
export { type CloudProbe, type ProbeOptions, probeCloud } from "./probe-cloud.ts";
export { type LayerOptions, type LayerProbe, probeLayer, probeLayerWith, viewLayerWith } from "./probe-layer.ts";
export { probePair } from "./probe-pair.ts";
export { type BinRule, fixedEdges, freedmanDiaconisEdges, rangeEdges } from "./products/bin-edges.ts";
export { type Energy, energyOf } from "./products/energy.ts";
export { type GramEngine, gramPairs, openGramEngine } from "./products/gram-engine.ts";
export { coordinateGram, packGram, squaredNorms, transpose, unpackGram } from "./products/gram-matrix.ts";
export { countInto, density, type Histogram, histogram } from "./products/histogram.ts";
export {
  clampToUnit,
  innerProducts,
  innerProductsInto,
  innerProductsNaive,
  pairCount,
} from "./products/inner-products.ts";
export { innerProductsAcross, innerProductsBetween } from "./products/inner-products-across.ts";
export { type Interval, type PairIntervals, pairIntervals } from "./products/jackknife.ts";
export { massAbove } from "./products/mass-above.ts";
export { meanCosine } from "./products/mean-cosine.ts";
export { type Moments, moments } from "./products/moments.ts";
export { type NormSummary, normSummary, tokenNorms } from "./products/norms.ts";
export { principalDirections } from "./spectrum/principal-directions.ts";
export {
  effectiveRank,
  effectiveRankOfEigenvalues,
  isoscore,
  participationRatio,
  spectrum,
  topShare,
} from "./spectrum/spectrum.ts";
export { effectOfVelocity, effectOfWeights, type FieldEffect } from "./updates/field-effect.ts";
export { type FieldShares, fieldShares } from "./updates/field-shares.ts";
export { type KernelField, kernelField } from "./updates/kernel-field.ts";
export { type LayerStep, layerStep, type ProductsAcross } from "./updates/layer-step.ts";
export { logMap } from "./updates/log-map.ts";
export { type Remainder, withoutSelection } from "./updates/without-selection.ts";
