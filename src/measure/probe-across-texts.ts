import { TokensphereError } from "../../models/errors.ts";
import type { HiddenStates, LayerLabel } from "../../models/stream/hidden-states.ts";
import type { Cloud } from "../../probes/cloud.ts";
import { applyPolicyToSelection } from "../../probes/policy/apply-policy.ts";
import type { Policy } from "../../probes/policy/policy.ts";
import { selectTokens } from "../../probes/policy/select-tokens.ts";
import { probeAcross } from "../../probes/probe-across.ts";
import type { LayerHistogram } from "../run/histograms.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { Measured } from "./measured.ts";

/**
 * Pairs between texts: the tokens of each text with those of all the others, one set of rows a text. `n` counts the tokens of all
 * texts. Measures of one cloud, such as a user's, are not asked: there is none. Throws `input` for fewer than two texts or for
 * texts of different layers.
 */
export function probeAcrossTexts(batches: readonly HiddenStates[], policy: Policy): Measured {
  const labels = batches[0].layers.map(({ layer }) => layer);
  const texts = labels.map((_, k) => batches.flatMap((states) => cloudsOf(states, k, policy)));
  if (texts[0].length < 2) {
    throw new TokensphereError(
      "input",
      `--pairs across: ${texts[0].length} text. give two or more, or use --pairs within`,
    );
  }
  const metrics: MetricRow[] = [];
  const histograms = texts[0].map((_, text) => {
    const layers = labels.map((layer, k) => probeOne(texts[k], text, layer, metrics));
    return { text, n: texts[0].reduce((sum, cloud) => sum + cloud.n, 0), d: texts[0][0].d, layers };
  });
  return { metrics, texts: histograms, specialKnown: batches.every((states) => states.special !== null) };
}

function cloudsOf(states: HiddenStates, layerIndex: number, policy: Policy): Cloud[] {
  return Array.from({ length: states.batch }, (_, row) =>
    applyPolicyToSelection(selectTokens(states, row, layerIndex, policy), policy),
  );
}

function probeOne(clouds: readonly Cloud[], text: number, layer: LayerLabel, metrics: MetricRow[]): LayerHistogram {
  const { n, d, measures, histogram } = probeAcross([clouds[text], joined(clouds.filter((_, i) => i !== text))]);
  for (const { measure, value, lo, hi, floor } of measures) {
    metrics.push({ text, layer, measure, value, lo, hi, floor, n, d });
  }
  return { layer, counts: histogram.counts };
}

function joined(clouds: readonly Cloud[]): Cloud {
  const { d } = clouds[0];
  const n = clouds.reduce((sum, cloud) => sum + cloud.n, 0);
  const x = new Float64Array(n * d);
  let at = 0;
  for (const cloud of clouds) {
    x.set(cloud.x, at);
    at += cloud.x.length;
  }
  return { n, d, x };
}
