import { Option } from "@commander-js/extra-typings";
import type { CommonOptions } from "../command-line/common.ts";
import { namesOption } from "../command-line/names-option.ts";
import { rangeOption, wholeOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";
import type { FitOptions } from "../fit/fit.ts";
import { FIT_DEFAULTS } from "../fit/fit-defaults.ts";
import { DEFAULT_FAMILIES } from "../laws/families.ts";
import { LAWS } from "../laws/laws.ts";
import { LAWS_BESIDE } from "../laws/laws-beside.ts";
import { PARAMETERS } from "./plugins.ts";

const STARTS = ["iid", "equiangular"] as const;
const NAMES = [...DEFAULT_FAMILIES, ...LAWS.map(({ name }) => name)].join(", ");

/** What is searched when dynamics are fitted. */
export const FIT = [
  namesOption(
    "--families <list>",
    `what is fitted: ${NAMES}; any other dynamics by name, or a plugin's`,
    "sa,usa",
  ).default(FIT_DEFAULTS.families, FIT_DEFAULTS.families.join(",")),
  namesOption(
    "--rivals <list>",
    `what they are held against beside what always is: ${LAWS_BESIDE.join(", ")}; any other law, which is fitted with the same freedom`,
    "langevin,sa_krause",
  ).default([] as readonly string[], "none"),
  ...PARAMETERS,
  new Option(
    "--causal <when>",
    "whether tokens see only what comes before them, so that averaging and, unless families are named, attention do too; auto: as the network shows, or saved states record",
  )
    .choices(["auto", "yes", "no"])
    .default("auto"),
  new Option("--time <map>", "how time runs along the layers")
    .choices(["auto", "linear", "monotone"])
    .default(FIT_DEFAULTS.time),
  rangeOption(
    "--beta-range <lo,hi>",
    "inverse temperatures searched; from below 0, as in --beta-range=-4,16, SA and USA are searched there too, as sa_opposed and usa_opposed at −β",
  ).default([FIT_DEFAULTS.betaMin, FIT_DEFAULTS.betaMax], `${FIT_DEFAULTS.betaMin},${FIT_DEFAULTS.betaMax}`),
  wholeOption("--bootstrap <number>", "resamples for the interval of β, 0 for none", 0).default(FIT_DEFAULTS.bootstrap),
  wholeOption(
    "--start-layer <layer>",
    "layer to simulate from; without it the first, the embedding where it is there",
    0,
  ),
  new Option(
    "--init <tokens>",
    "tokens to simulate: those observed, independent ones with the same mean and variance of inner products, or such that all have the mean",
  )
    .choices(["observed", ...STARTS])
    .default(FIT_DEFAULTS.init),
] as const;

export type FitCommandOptions = OptionsOf<typeof FIT>;

/** The flags of a fit as the fit wants them; its families are found beside the plugins. */
export function fitOptionsOf(options: FitCommandOptions & Pick<CommonOptions, "seed">): FitOptions {
  const [lo, hi] = options.betaRange;
  // What has a side of its own below 0 says so itself.
  const [betaMin, betaMax] = [lo > 0 ? lo : Math.min(FIT_DEFAULTS.betaMin, Math.max(hi, -lo) / 2), Math.max(hi, -lo)];
  const { time, bootstrap, startLayer, init, seed } = options;
  const start = startLayer === undefined ? {} : { startLayer };
  return { time, betaMin, betaMax, bootstrap, ...start, init, seed };
}
