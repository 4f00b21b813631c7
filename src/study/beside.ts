import type { Effects } from "../effects/effects.ts";
import type { InterventionOptions } from "../intervention/intervene.ts";
import type { BesideOptions } from "../options/beside.ts";
import type { StudyOptions } from "../options/study.ts";
import { openSource } from "../sources/open-source.ts";
import type { Asked } from "./take-control.ts";
import type { Reading } from "./take-reading.ts";

const LEFT_OUT = { reason: "left out as asked" };

/**
 * The untrained networks of a command line: config.json's architecture with fresh weights of the run's seed and of those that follow,
 * in float32. What they add to the updates differs from draw to draw.
 */
export function askedControl(
  effects: Effects,
  reference: string | undefined,
  options: StudyOptions & BesideOptions,
): Asked<readonly Reading[]> {
  if (!options.control) return LEFT_OUT;
  if (options.randomInit !== undefined) return { reason: "the network itself is untrained" };
  const { dtype, residMid, attentions, ...same } = options;
  return Array.from({ length: options.controlDraws }, (_, draw) => {
    const randomInit = (options.seed + draw) % 2 ** 32;
    return { label: "untrained", open: () => openSource(silent(effects), reference, { ...same, randomInit }) };
  });
}

/** The runs of a command line without half of the tokens. */
export function askedIntervention(
  effects: Effects,
  reference: string | undefined,
  options: StudyOptions & BesideOptions,
): Asked<InterventionOptions> {
  if (!options.intervention) return LEFT_OUT;
  const { residMid, attentions, ...same } = options;
  return { open: () => openSource(silent(effects), reference, same), seed: options.seed };
}

/** What a model says when it is opened was said before. */
export function silent(effects: Effects): Effects {
  return { ...effects, say() {} };
}
