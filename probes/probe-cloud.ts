import type { Cloud } from "./cloud.ts";
import { type CloudView, type ViewOptions, viewCloud } from "./measures/cloud-view.ts";
import { requireDistinct } from "./measures/define-measure.ts";
import type { Measure, MeasureRow } from "./measures/measure.ts";
import { MEASURES } from "./measures/measures.ts";
import { type BinRule, fixedEdges, freedmanDiaconisEdges, rangeEdges } from "./products/bin-edges.ts";
import { type Histogram, sortedHistogram } from "./products/histogram.ts";

export interface ProbeOptions extends ViewOptions {
  /** How many bins; of those of Freedman and Diaconis, at most how many. */
  readonly bins?: number;
  readonly binRule?: BinRule;
  /** What is measured, in the place of all that comes with the package: some of `MEASURES`, or `[...MEASURES, mine]`. */
  readonly measures?: readonly Measure[];
}

/** What was measured of one cloud. Plain data. */
export interface CloudProbe {
  readonly n: number;
  readonly d: number;
  readonly measures: readonly MeasureRow[];
  readonly histogram: Histogram;
}

/**
 * Measures a cloud that the policy has made (`applyPolicy`), observed or simulated. Pairs i < j, or the whole Gram matrix
 * where the policy includes the diagonal. Measures that suppose unit vectors (masses, energy, clusters, floors) are there
 * under `l2` alone; floors stand beside clouds that were not centred.
 * Throws `usage` for two measures of one name, `input` for fewer than two tokens, for tokens that are not of length 1 under `l2`,
 * and where a measure that was defined by the user fails.
 */
export function probeCloud(cloud: Cloud, options: ProbeOptions = {}): CloudProbe {
  const { measures = MEASURES } = options;
  requireDistinct(measures);
  const view = viewCloud(cloud, options);
  return {
    n: cloud.n,
    d: cloud.d,
    measures: measures.flatMap((measure) => measure.rows(view)),
    histogram: sortedHistogram(view.sortedValues, edgesOf(view, options), ruleOf(view, options)),
  };
}

function ruleOf({ unit }: CloudView, { binRule }: ProbeOptions): BinRule {
  return binRule ?? (unit ? "fixed" : "range");
}

function edgesOf(view: CloudView, options: ProbeOptions): Float64Array {
  const rule = ruleOf(view, options);
  if (rule === "freedman-diaconis") return freedmanDiaconisEdges(view.values, options.bins);
  return rule === "fixed" ? fixedEdges(options.bins) : rangeEdges(view.values, options.bins);
}
