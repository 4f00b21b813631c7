import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { valueOutputInWords } from "../attention/value-output-in-words.ts";
import type { CommonOptions, OutOptions } from "../command-line/common.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import { wrapped } from "../effects/window.ts";
import type { ModelOptions } from "../options/model.ts";
import type { ParquetOptions } from "../options/parquet.ts";
import type { ParameterOptions, PluginOptions } from "../options/plugins.ts";
import type { PolicyOptions } from "../options/policy.ts";
import type { TextOptions } from "../options/texts.ts";
import type { UpdatesFlags } from "../options/updates.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { runFolderName } from "../run/run-folder.ts";
import { rowsOf } from "../run/run-tables.ts";
import { tablesJson } from "../run/tables-json.ts";
import { BUNDLED } from "../sources/model-batches.ts";
import { openSource, policyFor } from "../sources/open-source.ts";
import { holdsStates } from "../sources/open-stored-states.ts";
import { updatesTable } from "../terminal/updates-table.ts";
import { extrasOf, isOwnPart, OWN_FIELDS } from "../updates/fields.ts";
import type { UpdateField } from "../updates/update-field.ts";
import { updatesInWords } from "../updates/updates-in-words.ts";
import { updatesOverTexts } from "../updates/updates-over-texts.ts";
import { shareEffects } from "../variants/share-effects.ts";
import { askedFields } from "./asked-fields.ts";
import { studyRun } from "./study-run.ts";

type Options = ModelOptions &
  TextOptions &
  PolicyOptions &
  PluginOptions &
  ParameterOptions &
  UpdatesFlags &
  CommonOptions &
  OutOptions &
  ParquetOptions;

/** A study of the updates alone. Nothing is written without `--out`; with it, a run like that of `probe`. */
export async function updatesCommand(streams: Effects, reference: string | undefined, options: Options): Promise<void> {
  const effects = shareEffects(streams); // The texts are read more than once.
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const target = options.out === undefined ? null : runFolderName(effects, options.out, reference ?? BUNDLED);
  const given = options.fields !== undefined;
  const fields = [...askedFields(options.fields, plugins, options.parameter), ...(given ? [] : OWN_FIELDS)];
  const own = extrasOf(fields);
  if (given) await refuseStates(effects, reference, fields);
  const { run, rows, readings } = await studyRun(effects, {
    ...{ command: "updates", options, target, title: "the law of the updates" },
    source: {
      open: () =>
        given ? openSource(effects, reference, { ...options, ...own }) : openSource(effects, reference, options, own),
    },
    plan: {
      policy: (source) => policyFor(source, options),
      measure: {
        updates: { fields, seed: options.seed, ...(options.betas ? { betas: options.betas } : {}) },
        layers: target !== null,
      },
      fit: null,
      saveStates: false,
      keepRows: options.json ?? false,
    },
    beside: () => ({ record: pluginRecord(plugins) }),
  });
  const [{ source }] = readings;
  const paths = target === null ? {} : { paths: { folder: target, report: join(target, RUN_FILES.report) } };
  if (options.json) {
    effects.print(JSON.stringify({ [source.kind]: source.name, ...tablesJson(rows), ...paths }));
    return;
  }
  const means = updatesOverTexts(rowsOf(run, "updates"));
  const told = (text: string) => wrapped(effects.window, text);
  const spectra = run.valueOutput ? ["", ...told(valueOutputInWords(run.valueOutput))] : [];
  const spoken = [...updatesTable(means, effects.window.columns), "", ...told(updatesInWords(means)), ...spectra];
  for (const line of spoken) effects.print(line);
  if (target === null) return;
  effects.print("");
  await tellPage(effects, join(target, RUN_FILES.report));
}

/** Saved states hold no attention and no resid_mid. */
async function refuseStates(
  effects: Effects,
  reference: string | undefined,
  fields: readonly UpdateField[],
): Promise<void> {
  const own = fields.find(({ name }) => isOwnPart(name));
  if (!own || reference === undefined || !(await holdsStates(effects, reference))) return;
  const what = `--fields: ${own.name} is read off a model as it runs, ${reference} holds hidden states`;
  throw new TokensphereError("usage", `${what}. leave it out, or give the model`);
}
