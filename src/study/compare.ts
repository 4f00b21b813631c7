import { join } from "node:path";
import type { Effects } from "../effects/effects.ts";
import type { FitResult } from "../fit/fit-result.ts";
import { askedTables } from "../measure/probes.ts";
import { type FitCommandOptions, fitOptionsOf } from "../options/fit.ts";
import type { StudyOptions } from "../options/study.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import type { RunData } from "../run/run-data.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { runFolderName } from "../run/run-folder.ts";
import { RUN_TABLES } from "../run/run-tables.ts";
import { tablesJson } from "../run/tables-json.ts";
import { BUNDLED } from "../sources/model-batches.ts";
import { openSource, policyFor } from "../sources/open-source.ts";
import { distanceTable, familyTable, summaryTable } from "../terminal/summary.ts";
import { attentionInWords } from "../words/attention-in-words.ts";
import { askedFamilies } from "./asked-families.ts";
import { askedMeasures, tellUntaken } from "./asked-measures.ts";
import { studyRun } from "./study-run.ts";

/** The main job: a study with a fit. Its table of measures appears as soon as it is there. */
export async function compareCommand(
  effects: Effects,
  reference: string | undefined,
  options: StudyOptions & FitCommandOptions,
): Promise<void> {
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const families = askedFamilies(options.families, plugins, options.parameter);
  const measure = askedMeasures(options, plugins);
  if (options.pairs === "across") tellUntaken(effects, plugins.measures, "pairs across texts are of no one cloud");
  const target = runFolderName(effects, options.out, reference ?? BUNDLED);
  const print = (lines: readonly string[]) => {
    for (const line of lines) effects.print(line);
  };
  const { run, rows, readings, stages } = await studyRun(effects, {
    ...{ command: "compare", options, target, title: "network and theory" },
    source: { open: () => openSource(effects, reference, options) },
    plan: {
      policy: (source) => policyFor(source, options),
      measure,
      fit: { ...fitOptionsOf(options), families },
      saveStates: options.saveStates ?? false,
      keepRows: options.json ?? false,
      ...(options.json ? {} : { measured: (first) => print([...summaryTable(first), ""]) }),
    },
    beside: () => ({ record: pluginRecord(plugins) }),
  });
  if (!options.json) return print([...spoken(run, run.fit), join(target, RUN_FILES.report)]);
  const tables = askedTables({ ...measure, policy: readings[0].policy });
  const files = {
    ...{ manifest: RUN_FILES.manifest, histograms: RUN_FILES.histograms, fit: RUN_FILES.fit, report: RUN_FILES.report },
    ...Object.fromEntries(tables.map((name) => [name, RUN_TABLES[name].file])),
    ...(options.saveStates ? { states: RUN_FILES.states } : {}),
  };
  const paths = Object.fromEntries(Object.entries(files).map(([key, name]) => [key, join(target, name)]));
  effects.print(JSON.stringify({ ...run.fit, ...tablesJson(rows), paths: { folder: target, ...paths }, stages }));
}

function spoken({ attention }: RunData, fit: FitResult | null): readonly string[] {
  if (fit === null) return [];
  const heads = attention ? [attentionInWords(attention, fit), ""] : [];
  return [fit.verdict, "", ...familyTable(fit), "", ...heads, ...distanceTable(fit), ""];
}
