import { TokensphereError } from "../../models/errors.ts";
import { MEASURES } from "../../probes/measures/measures.ts";
import type { PairMeasure } from "../../probes/pairs/pair-measure.ts";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import type { Effects } from "../effects/effects.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import type { PairOptions } from "../options/policy.ts";
import type { WhoFlags } from "../options/who.ts";
import type { Plugins } from "../plugins/load-plugins.ts";
import type { UpdateField } from "../updates/update-field.ts";

/** `updates`: the fields that are held against each step, seeded by `seed`. */
type Asked = PairOptions &
  Partial<WhoFlags> & { readonly updates?: readonly UpdateField[] | false; readonly seed?: number };

/**
 * What the flags ask to be measured of the layers; all measures of plugins are.
 *
 * @throws TokensphereError `usage` for a measure of pairs that none is called.
 */
export function askedMeasures(
  { beta, thresholds, pairMeasures: names = [], updates, seed, who, join, centered }: Asked,
  { measures, pairMeasures }: Pick<Plugins, "measures" | "pairMeasures">,
): Omit<MeasureOptions, "policy"> {
  return {
    pairMeasures: [...pairMeasuresNamed(names, pairMeasures), ...pairMeasures],
    ...(updates ? { updates: { fields: updates, ...(seed === undefined ? {} : { seed }) } } : {}),
    ...(who ? { who: join === undefined ? {} : { join } } : {}),
    ...(centered ? { centered } : {}),
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
