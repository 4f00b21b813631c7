import { basename } from "node:path";
import { TokensphereError } from "../../models/errors.ts";
import { readModelConfig } from "../../models/files/model-config.ts";
import type { Model } from "../../models/open-model.ts";
import type { StreamExtras } from "../../models/stream/stream-extras.ts";
import { type PartialPolicy, type Policy, resolvePolicy } from "../../probes/policy/policy.ts";
import { policyRecord } from "../../probes/policy/policy-record.ts";
import { fixedEdges } from "../../probes/products/bin-edges.ts";
import type { Effects } from "../effects/effects.ts";
import { fit } from "../fit/fit.ts";
import { histogramsOf, withGramEngine } from "../measure/probe-states.ts";
import { fitOptionsOf } from "../options/fit-options.ts";
import {
  type CommonOptions,
  type FitCommandOptions,
  type ModelOptions,
  type PresetOptions,
  policyOf,
  type TextOptions,
} from "../options/options.ts";
import { type Applied, applyPreset } from "../presets/apply-preset.ts";
import { panelsFor, parsePanels } from "../presets/choose-panels.ts";
import { planVariants, type VariantPlan } from "../presets/plan-variants.ts";
import type { Preset } from "../presets/preset.ts";
import { presetNamed } from "../presets/presets.ts";
import { writeFigures, writeNumbers, writeReport } from "../report/write-run.ts";
import { type RunData, unitOf } from "../run/run-data.ts";
import { fillFolder, runFolderName } from "../run/run-folder.ts";
import { type StageClock, stageClock } from "../run/stage-clock.ts";
import { holdsStates } from "../sources/open-stored-states.ts";
import { variantSet } from "../variants/gather-variants.ts";
import { openVariant } from "../variants/open-variant.ts";
import { presetRecord } from "../variants/preset-record.ts";
import { presetBatches } from "../variants/preset-texts.ts";
import { type MeasuredVariant, runVariants } from "../variants/run-variants.ts";
import { shareEffects } from "../variants/share-effects.ts";
import { variantsJson, variantsSpoken } from "../variants/variants-output.ts";

export interface PresetCommandOptions
  extends CommonOptions,
    ModelOptions,
    TextOptions,
    PartialPolicy,
    PresetOptions,
    StreamExtras,
    Partial<FitCommandOptions> {
  readonly saveStates?: boolean;
  readonly beta?: readonly number[];
  readonly thresholds?: readonly number[];
}

/** What the steps of the command share. */
interface Job {
  readonly effects: Effects;
  readonly preset: Preset;
  readonly applied: Applied<PresetCommandOptions>;
  /** What the user gave, for the manifest. */
  readonly given: Readonly<Record<string, unknown>> & Pick<CommonOptions, "seed">;
  readonly policy: Policy;
  readonly clock: StageClock;
  /** With `compare` the dynamics are fitted to the first reading. */
  readonly command: "probe" | "compare";
}

/** A preset's model and texts ready to run. */
interface Plan {
  readonly variants: readonly VariantPlan[];
  readonly panels: readonly number[];
  readonly trainedDepth: number | null;
}

/**
 * `probe` and `compare` with `--preset`:
 *
 *   preset, flags ─▶ readings of the weights ─each: run, probe─▶ figure with a row a reading ─▶ words, report
 *                                └─ the first, with compare: fit ──────────────────────────────────┘
 */
export async function presetCommand(
  effects: Effects,
  command: "probe" | "compare",
  reference: string | undefined,
  options: PresetCommandOptions,
): Promise<void> {
  const preset = presetNamed(requirePreset(options));
  if (reference !== undefined && (await holdsStates(effects, reference))) {
    const what = `--preset: ${reference} holds hidden states or a run, a preset runs a model`;
    throw new TokensphereError("usage", `${what}. leave it out, or give the model`);
  }
  const applied = applyPreset(preset, reference, options);
  const job: Job = {
    effects: shareEffects(effects),
    preset,
    applied,
    given: { model: reference ?? null, ...options },
    policy: resolvePolicy(policyOf(applied.options)),
    clock: stageClock(effects),
    command,
  };
  const target = runFolderName(effects, options.out, applied.model);
  const plan = await job.clock.run("open", () => planRun(job));
  const data = await fillFolder(effects, target, options.force ?? false, (folder) => fillRun(job, plan, folder));
  effects.progress.stop();
  const document = () => [variantsJson(applied.model, preset.name, data, target)];
  for (const line of options.json ? document() : variantsSpoken(data, target)) effects.print(line);
}

/** The preset's name. Throws `usage` for what a preset does not serve. */
function requirePreset({ preset, panels, residMid, attentions }: PresetCommandOptions): string {
  if (preset === undefined) {
    throw new TokensphereError("usage", `--panels ${panels}: only a preset has panels to choose. add --preset`);
  }
  if (!residMid && !attentions) return preset;
  const flag = residMid ? "--resid-mid" : "--attentions";
  throw new TokensphereError("usage", `${flag}: not measured under --preset. leave one of the two out`);
}

/** Opens the model once, for what its config says: which readings there are, and which layers. */
async function planRun({ effects, preset, applied }: Job): Promise<Plan> {
  const choice = parsePanels(preset, applied.options.panels);
  const model = await openVariant(effects, preset, applied.model, applied.options);
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

async function fillRun(job: Job, plan: Plan, folder: string): Promise<RunData> {
  const { effects, preset, applied, given, policy, clock, command } = job;
  const measured = await clock.run("run and probe", () => measure(job, plan, folder));
  const [first] = measured;
  const fitted = command === "probe" ? null : await clock.run("fit", () => fitFirst(job, first));
  const run: RunData = {
    metrics: first.probed.metrics,
    histograms: histogramsOf(first.probed.texts, [...fixedEdges()]),
    fit: fitted,
    ...unitOf(applied.options),
    policy: { ...policyRecord(policy, first.probed.specialKnown) },
    variants: variantSet(preset, policy, plan, measured),
  };
  writeNumbers(folder, run);
  const draw = (fraction: number) => effects.progress.update(fraction, "drawing");
  const figures = await clock.run("figures", () => writeFigures(folder, run, draw));
  const about = {
    command,
    arguments: given,
    seed: given.seed,
    model: first.model,
    preset: presetRecord(applied.record, run.variants!, measured),
    texts: first.texts,
    policy: { ...policyRecord(policy, first.probed.specialKnown) },
    stages: clock.costs,
  };
  await writeReport(effects, folder, run, figures, about, `${basename(applied.model)}: ${preset.title}`);
  return run;
}

function measure({ effects, preset, applied, policy, command }: Job, { variants }: Plan, folder: string) {
  const { model, options } = applied;
  const { beta: betas, thresholds, saveStates = false } = options;
  const choice = {
    policy,
    binRule: preset.binRule,
    bins: preset.bins,
    ...(betas ? { betas } : {}),
    ...(thresholds ? { thresholds } : {}),
  };
  return withGramEngine((engine) =>
    runVariants(variants, {
      effects,
      engine,
      folder,
      open: ({ overrides }) => openVariant(effects, preset, model, { ...options, ...overrides }),
      batches: (open: Model) => presetBatches(effects, open, options),
      options: choice,
      saveStates,
      keep: (place) => command === "compare" && place === 0,
    }),
  );
}

function fitFirst({ effects, applied, policy }: Job, { states }: MeasuredVariant) {
  const { progress } = effects;
  const options = applied.options as PresetCommandOptions & FitCommandOptions; // `compare` gives all of them a default.
  return fit(states, {
    ...fitOptionsOf(options, policy),
    source: applied.model,
    progress: (fraction, stage) => progress.update(fraction, stage),
  });
}
