import { join } from "node:path";
import { attentionInWords } from "../attention/attention-in-words.ts";
import { attentionUnitsInWords } from "../attention/attention-units.ts";
import { valueOutputInWords } from "../attention/value-output-in-words.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { type Window, wrapped } from "../effects/window.ts";
import type { StudyOptions } from "../options/study.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { countsInWords } from "../report/counts-in-words.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";
import { runFolderName } from "../run/run-folder.ts";
import { tablesJson } from "../run/tables-json.ts";
import { BUNDLED } from "../sources/model-batches.ts";
import { openSource, policyFor } from "../sources/open-source.ts";
import { attentionTable, summaryTable, valueOutputTable } from "../terminal/summary.ts";
import { DEFAULT_FIELDS, OWN_FIELDS } from "../updates/fields.ts";
import { updatesInWords } from "../updates/updates-in-words.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";
import { askedMeasures, tellUntaken } from "./asked-measures.ts";
import { studyRun } from "./study-run.ts";

/** A study without a fit. */
export async function probeCommand(
  effects: Effects,
  reference: string | undefined,
  options: StudyOptions,
): Promise<void> {
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  if (options.pairs === "across") tellUntaken(effects, plugins.measures, "pairs across texts are of no one cloud");
  const target = runFolderName(effects, options.out, options.name ?? reference ?? BUNDLED);
  const { run, rows, readings, record } = await studyRun(effects, {
    ...{ command: "probe", options, target, title: "tokens layer by layer" },
    source: { open: () => openSource(effects, reference, options) },
    plan: {
      policy: (source) => policyFor(source, options),
      measure: askedMeasures({ ...options, updates: options.updates && [...DEFAULT_FIELDS, ...OWN_FIELDS] }, plugins),
      fit: null,
      saveStates: options.saveStates ?? false,
      keepRows: options.json ?? false,
    },
    beside: () => ({ record: pluginRecord(plugins) }),
  });
  const report = join(target, RUN_FILES.report);
  const [{ source }] = readings;
  if (options.json) {
    const paths = { folder: target, report };
    effects.print(JSON.stringify({ [source.kind]: source.name, metrics: rows.metrics, ...tablesJson(rows), paths }));
  } else {
    const counts = [...wrapped(effects.window, countsInWords(run, record)), ""];
    for (const line of [...counts, ...spoken(run, effects.window)]) effects.print(line);
    await tellPage(effects, report, options.open);
  }
}

function spoken(run: RunData, window: Window): readonly string[] {
  const { attention, updates, valueOutput } = run;
  const { columns } = window;
  const told = (text: string) => wrapped(window, text);
  const units = attentionUnitsInWords(run);
  const moves = updates ? ["", ...told(updatesInWords(updatesOverTexts(updates))), ""] : [];
  const words = attention ? [...told(attentionInWords(attention)), ...(units ? told(units) : []), ""] : [];
  const heads = attention ? ["", ...words, ...attentionTable(attention, undefined, columns), ""] : [];
  const spectra = valueOutput
    ? [...told(valueOutputInWords(valueOutput)), "", ...valueOutputTable(valueOutput, columns), ""]
    : [];
  return [...summaryTable(run, columns), ...heads, ...spectra, ...moves];
}
