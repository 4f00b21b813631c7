import { existsSync } from "node:fs";
import { join } from "node:path";
import { attentionInWords } from "../attention/attention-in-words.ts";
import { attentionUnitsInWords } from "../attention/attention-units.ts";
import { valueOutputInWords } from "../attention/value-output-in-words.ts";
import type { ComparedFit } from "../comparison/comparison.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { type Window, wrapped } from "../effects/window.ts";
import { loopedInWords } from "../figures/looped-in-words.ts";
import type { MeasureOptions } from "../measure/probe.ts";
import type { BesideOptions } from "../options/beside.ts";
import type { FitCommandOptions } from "../options/fit.ts";
import type { StudyOptions } from "../options/study.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { countsInWords } from "../report/counts-in-words.ts";
import { parquetFile, RUN_FILES } from "../run/rows/run-files.ts";
import type { RunData } from "../run/run-data.ts";
import { runFolderName } from "../run/run-folder.ts";
import { RUN_TABLES, TABLE_NAMES } from "../run/run-tables.ts";
import { tablesJson } from "../run/tables-json.ts";
import { variantFile } from "../run/variant-files.ts";
import { BUNDLED } from "../sources/model-batches.ts";
import { openSource, policyFor } from "../sources/open-source.ts";
import { distanceTable, familyTable, rivalTable, summaryTable } from "../terminal/summary.ts";
import { variantTable } from "../terminal/variant-table.ts";
import { LOOPED } from "../variants/looped-set.ts";
import { shareEffects } from "../variants/share-effects.ts";
import { askedFit } from "./asked-families.ts";
import { askedMeasures, tellUntaken } from "./asked-measures.ts";
import { askedControl, askedIntervention } from "./beside.ts";
import { askedLoop, loopBeside } from "./looped.ts";
import { studyRun } from "./study-run.ts";

/** The main job: a study with a fit. Its table of measures appears as soon as it is there. */
export async function compareCommand(
  given: Effects,
  reference: string | undefined,
  options: StudyOptions & FitCommandOptions & BesideOptions,
): Promise<void> {
  const effects = shareEffects(given); // The texts are read more than once.
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const fit = askedFit(options, plugins);
  const measure = askedMeasures({ ...options, updates: false }, plugins);
  if (options.pairs === "across") tellUntaken(effects, plugins.measures, "pairs across texts are of no one cloud");
  const looped = await askedLoop(effects, reference, options);
  const target = runFolderName(effects, options.out, options.name ?? reference ?? BUNDLED);
  const print = (lines: readonly string[]) => {
    for (const line of lines) effects.print(line);
  };
  const { run, rows, readings, stages, ...beside } = await studyRun(effects, {
    ...{ command: "compare", options, target, title: "network and theory" },
    source: { open: () => openSource(effects, reference, options, { residMid: true, attentions: true }) },
    plan: {
      policy: (source) => policyFor(source, options),
      measure,
      fit,
      causal: options.causal,
      updates: options.updates,
      control: askedControl(effects, reference, options),
      intervention: askedIntervention(effects, reference, options),
      variants: looped ? [{ ...looped, measure: justLayers(measure) }] : [],
      saveStates: options.saveStates ?? false,
      keepRows: true, // The fit holds all states: the rows are nothing beside them.
      ...(options.json ? {} : { measured: (first) => print([...summaryTable(first, effects.window.columns), ""]) }),
    },
    beside: (studied) => {
      const beside = loopBeside(studied, options);
      return { ...beside, record: { ...beside.record, ...pluginRecord(plugins) } };
    },
  });
  if (!options.json) {
    print([...wrapped(effects.window, countsInWords(run, beside.record)), ""]);
    print(spoken(run, run.fit, effects.window));
    return tellPage(effects, join(target, RUN_FILES.report), options.open);
  }
  const tables = TABLE_NAMES.filter((name) => rows[name] !== undefined);
  const files = {
    ...{ manifest: RUN_FILES.manifest, histograms: RUN_FILES.histograms, fit: RUN_FILES.fit, report: RUN_FILES.report },
    ...Object.fromEntries(tables.map((name) => [name, RUN_TABLES[name].file])),
    ...(beside.intervention ? { intervention: RUN_FILES.intervention } : {}),
    ...(looped ? { metrics_looped: variantFile(RUN_FILES.metrics, 1, LOOPED) } : {}),
    ...(looped ? { histograms_looped: variantFile(RUN_FILES.histograms, 1, LOOPED) } : {}),
    ...(options.saveStates ? { states: RUN_FILES.states } : {}),
  };
  const frames = options.parquet ? parquetNames(target, files) : {};
  const paths = Object.fromEntries(
    Object.entries({ ...files, ...frames }).map(([key, name]) => [key, join(target, name)]),
  );
  const also = {
    intervention: beside.intervention,
    intervention_reason: beside.interventionReason,
    ...loopedJson(run),
    control: { ran: beside.control !== null, reason: beside.controlReason },
  };
  effects.print(
    JSON.stringify({ ...run.fit, ...tablesJson(rows), ...also, paths: { folder: target, ...paths }, stages }),
  );
}

/** Of files by what they are called, the tables that a folder has for data frames too: "metrics_parquet". */
function parquetNames(folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.entries(files).map(([key, name]) => [`${key}_parquet`, parquetFile(name)] as const);
  return Object.fromEntries(names.filter(([, name]) => name.endsWith(".parquet") && existsSync(join(folder, name))));
}

/** Measures and histograms of each layer, no more: what a second row needs, at its cost. */
function justLayers({
  pairMeasures: _,
  updates: __,
  who: ___,
  centered: ____,
  ...layers
}: Omit<MeasureOptions, "policy">) {
  return layers;
}

/** The network looped on, as JSON has it beside the fit. */
function loopedJson({ variants: set }: RunData) {
  if (!set) return {};
  const { label, words, metrics } = set.variants[1];
  return { looped: { label, words, says: loopedInWords(set), metrics } };
}

function spoken(run: RunData, fit: ComparedFit | null, window: Window): readonly string[] {
  if (fit === null) return [];
  const { attention, valueOutput, variants } = run;
  const { columns } = window;
  const told = (text: string) => wrapped(window, text);
  const units = attentionUnitsInWords(run);
  const heads = attention ? [...told(attentionInWords(attention, fit)), ...(units ? told(units) : []), ""] : [];
  const spectra = valueOutput ? [...told(valueOutputInWords(valueOutput)), ""] : [];
  return [
    ...told(fit.verdict),
    "",
    ...(variants ? [...loopedInWords(variants).flatMap(told), "", ...variantTable(variants, columns), ""] : []),
    ...familyTable(fit, columns),
    "",
    ...rivalTable(fit, columns),
    "",
    ...heads,
    ...spectra,
    ...distanceTable(fit, columns),
    "",
  ];
}
