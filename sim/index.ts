export { checkBeta, checkTimes } from "./check-simulation.ts";
export type { Dynamics, Geometry } from "./dynamics/dynamics.ts";
export type { DynamicsParams, Head, ParamName } from "./dynamics/params.ts";
export { DYNAMICS, type DynamicsName, findDynamics } from "./dynamics/registry.ts";
export { chooseEngine, type EngineChoice, fastestEngine } from "./engines/choose-engine.ts";
export type { Engine, EngineName, EngineTask } from "./engines/engine.ts";
export { harmonicEngine } from "./engines/harmonic-engine.ts";
export { onnxEngine } from "./engines/onnx-engine.ts";
export { typescriptEngine } from "./engines/typescript-engine.ts";
export { checkTableau, defineMethod } from "./integrators/check-tableau.ts";
export { findMethod, METHODS, type MethodName } from "./integrators/registry.ts";
export type { Method, Tableau } from "./integrators/tableau.ts";
export { type LayerObserver, type LayerStepsOptions, type LayerStepsResult, layerSteps } from "./layer-steps.ts";
export { type CircleFlowOptions, type CircleFlowState, circleFlow } from "./mean-field/circle-flow.ts";
export {
  type CircleMoments,
  circleDensity,
  momentsOfAngles,
  momentsOfWrappedNormal,
} from "./mean-field/circle-moments.ts";
export { circleW1 } from "./mean-field/circle-w1.ts";
export { normaliseRows } from "./normalise-rows.ts";
export { type PairStatistics, pairStatistics } from "./pair-statistics.ts";
export { DEFAULT_SEED, type RandomSource, randomSource } from "./random.ts";
export { liftCoordinates, type SpanCoordinates, spanCoordinates } from "./reductions/span-coordinates.ts";
export { type SimulateOptions, type SimulationObserver, type SimulationSystem, simulate } from "./simulate.ts";
export {
  type NoisyObserver,
  type NoisyOptions,
  type NoisyResult,
  type NoisySystem,
  simulateNoisy,
} from "./simulate-noisy.ts";
export { checkSweep, type SweepObserver, type SweepOptions, type SweepRow, sweep } from "./sweep.ts";
export type { Outcome, SystemResult } from "./system-result.ts";
export { clusteringTime } from "./theory/clustering-time.ts";
export { type CriticalNoise, continuousUpTo, criticalNoise } from "./theory/critical-noise.ts";
export {
  type EquiangularCurve,
  type EquiangularOptions,
  equiangularCurve,
  SCHEMES,
  type Scheme,
} from "./theory/equiangular.ts";
export { fastestMode, type GrowthRates, growthRates } from "./theory/growth-rates.ts";
export { logKernelMass } from "./theory/log-kernel-mass.ts";
export { type LongContext, longContext } from "./theory/long-context.ts";
export { twoClusterLifetime } from "./theory/two-clusters.ts";
export { type Float64Cloud, uniformCloud } from "./uniform-cloud.ts";
