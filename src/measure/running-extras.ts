import { join } from "node:path";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import { attentionHeader, attentionLines } from "../run/attention-csv.ts";
import type { AttentionRow } from "../run/attention-row.ts";
import { type LineFile, openLineFile } from "../run/line-file.ts";
import type { MetricRow } from "../run/metrics.ts";
import { metricsHeader, metricsLines } from "../run/metrics-csv.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { runningAttention } from "./running-attention.ts";
import { runningRows } from "./running-rows.ts";

/** What is kept of resid_mid and attention when the rows of each text are on disk: means over texts. */
export interface KeptExtras {
  readonly mid?: readonly MetricRow[];
  readonly attention?: readonly AttentionRow[];
}

/** Takes rows of text after text: they go to `metrics-mid.csv` and `attention.csv`, and no more than sums are held. */
export interface RunningExtras {
  addMid(rows: readonly MetricRow[]): void;
  addAttention(rows: readonly AttentionRow[]): void;
  /** Ends the files. */
  finish(): KeptExtras;
  /** Closes the files as they are: the folder is to be thrown away. */
  abort(): void;
}

/**
 * Opens the files of what was asked for in the draft folder of a run.
 *
 * @throws TokensphereError `disk` where they cannot be written; so do its functions.
 */
export function runningExtras(folder: string, asked: StreamExtras): RunningExtras {
  const midFile = asked.residMid ? begun(join(folder, RUN_FILES.mid), metricsHeader()) : null;
  const attentionFile = asked.attentions ? begun(join(folder, RUN_FILES.attention), attentionHeader()) : null;
  const mid = runningRows();
  const attention = runningAttention();
  const close = () => {
    midFile?.close();
    attentionFile?.close();
  };
  return {
    addMid(rows) {
      midFile?.write(metricsLines(rows));
      mid.add(rows);
    },
    addAttention(rows) {
      attentionFile?.write(attentionLines(rows));
      attention.add(rows);
    },
    finish() {
      close();
      return {
        ...(midFile ? { mid: mid.kept() } : {}),
        ...(attentionFile ? { attention: attention.kept() } : {}),
      };
    },
    abort: close,
  };
}

function begun(path: string, header: string): LineFile {
  const file = openLineFile(path);
  file.write(header);
  return file;
}
