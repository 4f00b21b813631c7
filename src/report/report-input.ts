import type { FitResult } from "../fit/fit-result.ts";
import type { Histograms } from "../histograms.ts";
import type { MetricRow } from "../metrics.ts";
import type { StageCost } from "../stages.ts";

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
  readonly fit: FitResult | null;
  readonly histograms: Histograms;
  readonly figures: readonly ReportFigure[];
  readonly stages?: readonly StageCost[];
}
