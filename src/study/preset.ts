import { join } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { readModelConfig } from "../../models/files/model-config.ts";
import { resolvePolicy } from "../../probes/policy/policy.ts";
import type { Effects } from "../effects/effects.ts";
import { tellPage } from "../effects/tell-page.ts";
import type { FitCommandOptions } from "../options/fit.ts";
import { policyOf } from "../options/policy.ts";
import type { StudyOptions } from "../options/study.ts";
import { loadPlugins, pluginRecord } from "../plugins/load-plugins.ts";
import { type Applied, applyPreset } from "../presets/apply-preset.ts";
import { panelsFor, parsePanels } from "../presets/choose-panels.ts";
import { planVariants, type VariantPlan } from "../presets/plan-variants.ts";
import type { Preset } from "../presets/preset.ts";
import { presetNamed } from "../presets/presets.ts";
import { RUN_FILES } from "../run/rows/run-files.ts";
import { runFolderName } from "../run/run-folder.ts";
import { stageClock } from "../run/stage-clock.ts";
import { holdsStates } from "../sources/open-stored-states.ts";
import { variantSet } from "../variants/gather-variants.ts";
import { openVariant, openVariantModel } from "../variants/open-variant.ts";
import { presetRecord } from "../variants/preset-record.ts";
import { shareEffects } from "../variants/share-effects.ts";
import { variantsJson, variantsSpoken } from "../variants/variants-output.ts";
import { askedFit } from "./asked-families.ts";
import { askedMeasures } from "./asked-measures.ts";
import { studyRun } from "./study-run.ts";
import type { Reading } from "./take-reading.ts";

/** A preset's model and texts ready to run. */
interface Plan {
  readonly variants: readonly VariantPlan[];
  readonly panels: readonly number[];
  readonly trainedDepth: number | null;
}

/** `probe` and `compare` with `--preset`: a study of several readings of the same weights, the one without a fit, the other with. */
export async function presetCommand(
  given: Effects,
  reference: string | undefined,
  name: string,
  options: StudyOptions,
  fitting: FitCommandOptions | null,
): Promise<void> {
  const effects = shareEffects(given);
  const preset = presetNamed(name);
  if (reference !== undefined && (await holdsStates(effects, reference))) {
    const what = `--preset: ${reference} holds hidden states or a run, a preset runs a model`;
    throw new TokensphereError("usage", `${what}. leave it out, or give the model`);
  }
  const plugins = await loadPlugins(options.plugin ?? [], effects.cwd);
  const fit = fitting && askedFit({ ...fitting, seed: options.seed }, plugins);
  const applied = applyPreset(preset, reference, options);
  const policy = resolvePolicy(policyOf(applied.options));
  const target = runFolderName(effects, options.out, options.name ?? applied.model);
  const clock = stageClock(effects);
  const plan = await clock.run("open", () => planRun(effects, preset, applied));
  const [source, ...variants] = plan.variants.map((variant) => readingOf(effects, preset, applied, variant));
  const { run, rows } = await studyRun(effects, {
    ...{ command: fitting ? "compare" : "probe", options, target, title: preset.title, clock, source },
    plan: {
      policy: () => policy,
      measure: {
        ...askedMeasures({ ...applied.options, updates: false, who: false }, plugins),
        binRule: preset.binRule,
        bins: preset.bins,
      },
      fit,
      causal: fitting?.causal ?? "auto",
      variants,
      saveStates: options.saveStates ?? false,
      keepRows: true,
    },
    beside: ({ readings }) => {
      const rows = readings.flatMap(({ tables }) => (tables ? [tables.rows] : []));
      const set = variantSet(preset, policy, plan, rows);
      const models = readings.map((reading) => reading.record.model);
      const record = presetRecord(applied.record, set, plan.variants, models);
      return {
        // The readings are told text by text.
        run: { metrics: rows[0].metrics, histograms: rows[0].histograms, variants: set },
        record: { arguments: { model: reference ?? null }, preset: record, ...pluginRecord(plugins) },
      };
    },
  });
  if (options.json) {
    effects.print(variantsJson({ model: applied.model, preset: preset.name }, run, rows, target));
    return;
  }
  for (const line of variantsSpoken(run)) effects.print(line);
  await tellPage(effects, join(target, RUN_FILES.report), options.open);
}

function readingOf(
  effects: Effects,
  preset: Preset,
  { model, options }: Applied<StudyOptions>,
  { name, label, overrides }: VariantPlan,
): Reading {
  return { name, label, open: () => openVariant(effects, preset, model, { ...options, ...overrides }) };
}

/** Opens the model once, for what its config says: which readings there are, and which layers. */
async function planRun(effects: Effects, preset: Preset, applied: Applied<StudyOptions>): Promise<Plan> {
  const choice = parsePanels(preset, applied.options.panels);
  const model = await openVariantModel(effects, preset, applied.model, applied.options);
  try {
    const own = await readModelConfig(model.files.config);
    const panels = panelsFor(choice, model.description.layers);
    const variants = planVariants(preset, applied.options, own);
    if (variants.length < preset.variants.length) {
      effects.say(`note: ${variants[0].label} is the model's own: nothing else is drawn beside it`);
    }
    const deeper = own.layers !== null && own.layers < model.description.layers;
    const trained = deeper && applied.options.randomInit === undefined ? own.layers : null;
    return { variants, panels, trainedDepth: trained };
  } finally {
    await model.close();
  }
}
