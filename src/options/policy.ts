import { Option } from "@commander-js/extra-typings";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import { type Centering, type PartialPolicy, POLICY_NAMES, resolvePolicy } from "../../probes/policy/policy.ts";
import { cosinesOption, numbersOption } from "../command-line/number-options.ts";
import type { OptionsOf } from "../command-line/options-of.ts";

/** Which tokens count and how their states are scaled and centred. */
export const POLICY = [
  new Option("--special-tokens <policy>", "tokens that the tokenizer adds (default: drop)").choices(
    POLICY_NAMES.specialTokens,
  ),
  new Option("--normalize <policy>", "how states are scaled (default: l2)").choices(POLICY_NAMES.normalize),
  new Option("--center <policy>", "what is subtracted first: none, mean, abtt:k (default: none)").argParser(
    parseCentering,
  ),
] as const;

/** Which pairs are measured, and at which inverse temperatures and thresholds. */
export const PAIRS = [
  new Option("--diagonal <policy>", "a token's product with itself (default: exclude)").choices(POLICY_NAMES.diagonal),
  new Option("--pairs <policy>", "pairs of tokens within a text or across texts (default: within)").choices(
    POLICY_NAMES.pairs,
  ),
  numbersOption("--beta <numbers>", "inverse temperatures of the energy E_β"),
  cosinesOption("--thresholds <numbers>", "cosines at which clusters are counted"),
  new Option(
    "--pair-measures <list>",
    `measures of every two layers, of two texts under --pairs across, of network and prediction (pair-metrics.csv): ${PAIR_MEASURES.map(({ name }) => name).join(", ")}; those of plugins are always there`,
  ).argParser<readonly string[]>((text) => text.split(",").map((name) => name.trim())),
] as const;

export type PolicyOptions = OptionsOf<typeof POLICY>;
export type PairOptions = OptionsOf<typeof PAIRS>;

/** The policy flags as the probes want them. */
export function policyOf({ specialTokens, normalize, center, diagonal, pairs }: PartialPolicy): PartialPolicy {
  return { specialTokens, normalize, center, diagonal, pairs };
}

/** Checked by what resolves policies, which names what is legal. */
function parseCentering(text: string): Centering {
  return resolvePolicy({ center: text as Centering }).center;
}
