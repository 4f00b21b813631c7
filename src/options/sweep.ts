import { Option } from "@commander-js/extra-typings";
import { DYNAMICS } from "../../sim/dynamics/dynamics-table.ts";
import { ENGINES } from "../../sim/engines/engine-table.ts";
import type { OutOptions } from "../command-line/common.ts";
import type { Conflict } from "../command-line/conflicts.ts";
import { namesOf } from "../command-line/names-of.ts";
import { numberOption, numbersOption, wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import { PARQUET_CONFLICTS, type ParquetOptions } from "./parquet.ts";
import { PARAMETERS, PLUGINS } from "./plugins.ts";
import { betas, dynamics, times, tokens, width } from "./quantities.ts";

/** Which equation moves the tokens: a name is looked up when the command runs, for a plugin may bring it. */
export const EQUATION = [
  dynamics(`equation of motion: ${namesOf(DYNAMICS).join(", ")} or a plugin's`).makeOptionMandatory(),
  ...PLUGINS,
  ...PARAMETERS,
] as const;

/** Parameters that are many numbers; `more` says what else may stand in the place of a file. */
export const params = (more = "") =>
  new Option(
    "--params <file>",
    `Q, K, V, weights, alpha as JSON or .safetensors, where the dynamics reads them${more}`,
  );

/** How velocities are found and how well. */
export const ENGINE = [
  numberOption("--rtol <number>", "relative tolerance of an adaptive method (default: 1e-9; of a sweep 5e-6)"),
  new Option("--engine <name>", "where velocities are computed (simd: if Q = K = V = I; harmonic: also d = 2 or 3)")
    .choices(["auto", ...namesOf(ENGINES)])
    .default("auto"),
] as const;

/** What a sweep keeps and how it computes. */
export const STATISTICS = [
  wholeOption("--seeds <number>", "uniform starts of a sweep, from --seed on", 1).default(64),
  numberOption("--threshold <number>", "cosine from which a pair has met, in a sweep").default(0.999),
  new Option(
    "--precision <name>",
    "of a sweep: float32 goes by whole steps on ONNX Runtime; float64 measures every pair at every time",
  ).choices(["float32", "float64"]),
  wholeOption("--workers <number>", "processes that share a sweep (default: one a core)", 1),
] as const;

/** Clusters in the place of pairs. */
const CLUSTERS = numbersOption(
  "--clusters <list>",
  "count clusters instead: of tokens linked from these cosines, such as 0.9,0.999",
);

/** Equation, grid and starts of a sweep. */
export const SWEEP = [
  ...EQUATION,
  params(),
  tokens("tokens", 2).makeOptionMandatory(),
  width("width", 1).makeOptionMandatory(),
  betas().makeOptionMandatory(),
  times().makeOptionMandatory(),
  ...STATISTICS,
  CLUSTERS,
  ...ENGINE,
] as const;

export type SweepOptions = OptionsOf<typeof SWEEP>;

/** Clusters are counted in float64, at cosines of their own, and are no table. */
export const SWEEP_CONFLICTS: readonly Conflict<keyof (SweepOptions & ParquetOptions & OutOptions)>[] = [
  {
    flags: ["threshold", "precision", "parquet"],
    with: ["clusters"],
    says: "{flag}: not with --clusters. leave one of them out",
  },
  ...PARQUET_CONFLICTS,
];
