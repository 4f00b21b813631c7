import type { ComparedFit } from "../comparison/comparison.ts";
import type { ExplorerData } from "../explorer/page/data-shape.ts";
import type { PageScript } from "../explorer/page-script.ts";
import type { Histograms } from "../run/histograms.ts";
import type { MetricRow } from "../run/metrics.ts";
import type { AttentionRow } from "../run/rows/attention-row.ts";
import type { ValueOutputRow } from "../run/rows/value-output-row.ts";
import type { StageCost } from "../run/stage-clock.ts";
import type { VariantSet } from "../run/variant-set.ts";
import type { UpdateRow } from "../updates/update-row.ts";
import type { ClusterRow } from "../who/cluster-row.ts";
import type { CoordinateRow } from "../who/coordinate-row.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import type { TokenRow } from "../who/token-row.ts";

/** A drawn figure and what is said of it. */
export interface ReportFigure {
  /** File name without ending, in the run folder. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
  /** Present where the file was written too; only then is it linked. */
  readonly png?: unknown;
  readonly spec?: unknown;
}

/** Everything that a report shows: plain data, read from the files of a run or handed on by the command. */
export interface ReportInput {
  readonly title: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly metrics: readonly MetricRow[];
  readonly fit: ComparedFit | null;
  readonly mid?: readonly MetricRow[];
  readonly attention?: readonly AttentionRow[];
  readonly updates?: readonly UpdateRow[];
  readonly tokens?: readonly TokenRow[];
  readonly tokenPairs?: readonly TokenPairRow[];
  readonly clusters?: readonly ClusterRow[];
  readonly coordinates?: readonly CoordinateRow[];
  readonly valueOutput?: readonly ValueOutputRow[];
  readonly histograms: Histograms;
  /** Several readings of the weights, where a preset made them. */
  readonly variants?: VariantSet;
  readonly figures: readonly ReportFigure[];
  readonly stages?: readonly StageCost[];
  /** What can be explored, and the script that does it; without either the page has no script. */
  readonly explorer?: ExplorerData;
  readonly script?: PageScript | null;
  /** What the texts are where they are none. */
  readonly unit?: "images";
}
