import { join } from "node:path";
import type { Histograms } from "../run/histograms.ts";
import { openLineFile } from "../run/line-file.ts";
import type { MetricRow } from "../run/metrics.ts";
import { metricsHeader, metricsLines } from "../run/metrics-csv.ts";
import { RUN_FILES } from "../run/run-files.ts";
import type { ProbedTexts } from "./probe-states.ts";
import { runningHistograms } from "./running-histograms.ts";
import { runningRows } from "./running-rows.ts";

/** What is kept of many texts when the numbers of each are on disk. */
export interface KeptNumbers {
  /** One row a layer and measure: mean over texts, with their range as bounds; of a single text its own rows. */
  readonly metrics: readonly MetricRow[];
  readonly histograms: Histograms;
  /** False where nothing said which tokens are special. */
  readonly specialKnown: boolean;
}

/** Takes the numbers of text after text: they go to `metrics.csv` and `histograms.json`, and no more than sums are held. */
export interface RunningNumbers {
  add(probed: ProbedTexts): void;
  /** Ends both files. */
  finish(): KeptNumbers;
  /** Closes both files as they are: the folder is to be thrown away. */
  abort(): void;
}

/**
 * Opens the two files of numbers in the draft folder of a run.
 *
 * @throws TokensphereError `disk` where they cannot be written; so do its functions.
 */
export function runningNumbers(folder: string, edges: readonly number[]): RunningNumbers {
  const csv = openLineFile(join(folder, RUN_FILES.metrics));
  const json = openLineFile(join(folder, RUN_FILES.histograms));
  const rows = runningRows();
  const histograms = runningHistograms(edges);
  let specialKnown = true;
  let texts = 0;
  csv.write(metricsHeader());
  json.write(`{"format": "tokensphere/histograms", "version": 1, "edges": ${JSON.stringify(edges)}, "texts": [\n`);
  return {
    add(probed) {
      csv.write(metricsLines(probed.metrics));
      for (const text of probed.texts) json.write(`${texts++ === 0 ? "" : ",\n"}${JSON.stringify(text)}`);
      rows.add(probed.metrics);
      for (const text of probed.texts) histograms.add(text);
      specialKnown &&= probed.specialKnown;
    },
    finish() {
      json.write("\n]}\n");
      csv.close();
      json.close();
      return { metrics: rows.kept(), histograms: histograms.kept(), specialKnown };
    },
    abort() {
      csv.close();
      json.close();
    },
  };
}
