import type { ComparedFit } from "../comparison/comparison.ts";
import type { ExplorerData } from "../explorer/page/data-shape.ts";
import type { Histograms } from "./histograms.ts";
import type { MetricRow } from "./metrics.ts";
import type { Tables } from "./run-tables.ts";
import type { VariantSet } from "./variant-set.ts";

/** What a run has measured and fitted: its tables (`mid`, `attention`, `pairs` where they were asked for) and the rest. */
export interface RunData extends Tables {
  readonly metrics: readonly MetricRow[];
  readonly histograms: Histograms;
  readonly fit: ComparedFit | null;
  /** Where the weights were read in several ways, by a preset or looped on; the first of them is `metrics` and `histograms`. */
  readonly variants?: VariantSet;
  /** Tokens one by one, as far as a page has room for them; older runs lack it. */
  readonly explorer?: ExplorerData;
  /** Policies of the measurement; without them the fit's are told. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** What the texts are where they are none. */
  readonly unit?: "images";
}

/** What is said of a run's inputs, from the flags or the arguments that a manifest holds. */
export function unitOf({ image }: { readonly image?: unknown }): Pick<RunData, "unit"> {
  return image === undefined ? {} : { unit: "images" };
}
