import { TokensphereError } from "../../models/errors.ts";
import { MEASURES } from "../../probes/measures/measures.ts";
import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import type { Effects } from "../effects/effects.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import type { ExtraOptions } from "../options/extras.ts";
import type { PairOptions } from "../options/policy.ts";
import type { Plugins } from "../plugins/load-plugins.ts";

/**
 * What the flags ask to be measured; all measures of plugins are.
 *
 * @throws TokensphereError `usage` for a measure of pairs that none is called.
 */
export function askedMeasures(
  { beta, thresholds, pairMeasures: names = [], residMid, attentions }: PairOptions & ExtraOptions,
  { measures, pairMeasures }: Pick<Plugins, "measures" | "pairMeasures">,
): Omit<MeasureOptions, "policy"> {
  return {
    residMid: residMid ?? false,
    attentions: attentions ?? false,
    pairMeasures: [...pairMeasuresNamed(names, pairMeasures), ...pairMeasures],
    ...(beta ? { betas: beta } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(measures.length > 0 ? { measures: [...MEASURES, ...measures] } : {}),
  };
}

function pairMeasuresNamed(names: readonly string[], plugins: readonly PairMeasure[]): readonly PairMeasure[] {
  const all = [...PAIR_MEASURES, ...plugins].map(({ name }) => name);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown === undefined) return PAIR_MEASURES.filter(({ name }) => names.includes(name));
  throw new TokensphereError("usage", `--pair-measures: ${unknown}. use ${all.join(", ")}`);
}

/** Says which measures of plugins are not taken, and why. */
export function tellUntaken(
  effects: Pick<Effects, "say">,
  measures: readonly { readonly name: string }[],
  why: string,
): void {
  if (measures.length > 0) effects.say(`note: ${measures.map(({ name }) => name).join(", ")}: not measured, ${why}`);
}
