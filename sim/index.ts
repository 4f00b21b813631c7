export { DEFAULT_SEED, type RandomSource, randomSource } from "../models/random.ts";
export { capCloud } from "./clouds/cap-cloud.ts";
export { checkBeta, checkTimes } from "./clouds/check-number.ts";
export { normalizeRows } from "./clouds/normalize-rows.ts";
export { type PairStatistics, pairStatistics } from "./clouds/pair-statistics.ts";
export { leastSpan, liftCoordinates, type SpanCoordinates, spanCoordinates } from "./clouds/span-coordinates.ts";
export { tokenAngles } from "./clouds/token-angles.ts";
export { type Float64Cloud, uniformCloud } from "./clouds/uniform-cloud.ts";
export { checkParams, withDefaults } from "./dynamics/check-params.ts";
export { asDynamics, defineDynamics } from "./dynamics/define-dynamics.ts";
export type { DynamicsDefinition, FieldInput } from "./dynamics/definition.ts";
export type { Dynamics, Geometry, HarmonicForm, LayeredForm, Piece } from "./dynamics/dynamics.ts";
export { DYNAMICS, type DynamicsChoice, type DynamicsName, findDynamics } from "./dynamics/dynamics-table.ts";
export { type NumberRange, numberParameter, type Parameter, type ParameterSetting } from "./dynamics/parameter.ts";
export { PARAMETERS, type ParameterName } from "./dynamics/parameters.ts";
export type { AlphaKnots, DynamicsParams, Head, Layer } from "./dynamics/params.ts";
export { chooseEngine, type EngineChoice, type EngineKindChoice, fastestEngine } from "./engines/choose-engine.ts";
export type { Engine, EngineKind, EngineTask } from "./engines/contract/engine.ts";
export { ENGINES, type EngineName, findEngine } from "./engines/engine-table.ts";
export { harmonicEngine } from "./engines/harmonic/harmonic-engine.ts";
export { logKernelMass } from "./engines/harmonic/log-kernel-mass.ts";
export { onnxEngine } from "./engines/onnx/onnx-engine.ts";
export { simdEngine } from "./engines/simd/simd-engine.ts";
export { typescriptEngine } from "./engines/typescript-engine.ts";
export { EVENT_KINDS, type EventKind, type EventRule, type SimulationEvent } from "./events/event.ts";
export type { Outcome, SystemResult } from "./integrators/system-result.ts";
export {
  type CharacteristicsOptions,
  circleCharacteristics,
  densityOfPoints,
  momentsOfPoints,
} from "./mean-field/circle-characteristics.ts";
export { type CircleFlowOptions, type CircleFlowState, circleFlow } from "./mean-field/circle-flow.ts";
export {
  type CircleMoments,
  circleDensity,
  densityOnGrid,
  momentsOfAngles,
  momentsOfMixture,
  momentsOfPerturbation,
  momentsOfVonMises,
  momentsOfWrappedNormal,
} from "./mean-field/circle-moments.ts";
export { circleGrowth } from "./mean-field/circle-stability.ts";
export { circleW1 } from "./mean-field/circle-w1.ts";
export {
  type Bifurcation,
  type BifurcationOptions,
  type BranchPoint,
  densityBifurcation,
} from "./mean-field/density-bifurcation.ts";
export {
  type ParticleDistanceOptions,
  type ParticleDistances,
  particleDistances,
} from "./mean-field/particle-distances.ts";
export { sampleCircle } from "./mean-field/sample-circle.ts";
export {
  momentsOfVonMisesFisher,
  type ZonalFlowOptions,
  type ZonalState,
  zonalDensity,
  zonalFlow,
} from "./mean-field/zonal-flow.ts";
export { zonalGrowth } from "./mean-field/zonal-stability.ts";
export { checkTableau, defineMethod } from "./methods/check-tableau.ts";
export { findMethod, METHODS, type MethodChoice, type MethodName } from "./methods/methods.ts";
export type { Method, Tableau } from "./methods/tableau.ts";
export { angleReduction } from "./reductions/angles.ts";
export { coincidentReduction, type MergedCloud, mergeErrorBound } from "./reductions/coincident.ts";
export { type EquiangularState, equiangularReduction, liftEquiangular } from "./reductions/equiangular.ts";
export { type GramState, gramReduction, liftGram, projectGram } from "./reductions/gram.ts";
export type { Reduction } from "./reductions/reduction.ts";
export { spanReduction } from "./reductions/span.ts";
export { type TwoClusterState, twoClusterReduction } from "./reductions/two-clusters.ts";
export {
  type LayerObserver,
  type LayerStepsOptions,
  type LayerStepsResult,
  layerSteps,
} from "./simulate/layer-steps.ts";
export {
  type NoisyObserver,
  type NoisyOptions,
  type NoisyResult,
  type NoisySystem,
  noiseSeed,
  simulateNoisy,
} from "./simulate/noisy.ts";
export type { SimulateOptions, SimulationObserver, SimulationSystem } from "./simulate/options.ts";
export { type KeptNormals, keptNormals } from "./simulate/shared-normals.ts";
export { simulate } from "./simulate/simulate.ts";
export { type CensusOptions, type ClusterCensus, clusterCensus, type StartCensus } from "./sweep/cluster-census.ts";
export { localHelper } from "./sweep/local-helper.ts";
export {
  checkSweep,
  type SweepObserver,
  type SweepOptions,
  type SweepRow,
  sweep,
  sweepPrecision,
} from "./sweep/sweep.ts";
export { type ClusterSweepObserver, type ClusterSweepOptions, sweepClusters } from "./sweep/sweep-clusters.ts";
export type { Failures, SweepSums } from "./sweep/sweep-sums.ts";
export type { StartHelper, SweepHelper, SweepJob, SweepResult, SweepTask, SweepWork } from "./sweep/sweep-task.ts";
export type { Term, TermGraph, TermInputs, TermKernel } from "./terms/term.ts";
export { anisotropicNoise } from "./theory/anisotropic-noise.ts";
export { clusteringTime, logClusteringTime } from "./theory/clustering-time.ts";
export { commonNoise } from "./theory/common-noise.ts";
export { type ContractionRate, contractionRate } from "./theory/contraction-rate.ts";
export { type CriticalNoise, continuousUpTo, criticalNoise } from "./theory/critical-noise.ts";
export {
  type EquiangularCurve,
  type EquiangularOptions,
  equiangularCurve,
  SCHEMES,
  type Scheme,
} from "./theory/equiangular.ts";
export { expectedModes } from "./theory/expected-modes.ts";
export { fastestMode, type GrowthRates, growthRates } from "./theory/growth-rates.ts";
export { circleModes, expectedCircleModes, lineModes } from "./theory/kde-modes.ts";
export { boundedGrowth, headGrowth, type KernelGrowth, rotatedGrowth, sinkhornGrowth } from "./theory/kernel-growth.ts";
export { type LongContext, longContext } from "./theory/long-context.ts";
export { noisyPairCosine, noisyPairPassage } from "./theory/noisy-pair.ts";
export { reweightingTime } from "./theory/reweighting-time.ts";
export { ringStability } from "./theory/ring-stability.ts";
export { schemeClusteringTime } from "./theory/scheme-clustering-time.ts";
export { stationaryOrderSquared } from "./theory/stationary-order.ts";
export {
  type TwoClusterOptions,
  type TwoClusters,
  twoClusterAngles,
  twoClusterLifetime,
} from "./theory/two-clusters.ts";
