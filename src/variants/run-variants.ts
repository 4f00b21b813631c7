import { join } from "node:path";
import type { Model } from "../../models/open-model.ts";
import { createHiddenStates } from "../../models/states/write-hidden-states.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import type { ProbeOptions } from "../../probes/probe-cloud.ts";
import type { GramEngine } from "../../probes/products/gram-engine.ts";
import type { Effects } from "../effects/effects.ts";
import { joinProbed, type ProbedTexts, probeStates } from "../measure/probe-states.ts";
import type { VariantPlan } from "../presets/plan-variants.ts";
import { RUN_FILES } from "../run/run-files.ts";
import { variantFile } from "../run/variant-files.ts";
import { describeBatch } from "../sources/model-batches.ts";
import type { ModelBatch } from "../sources/state-source.ts";

/** One reading of the weights, measured. */
export interface MeasuredVariant {
  readonly plan: VariantPlan;
  /** What the manifest says of the model. */
  readonly model: Readonly<Record<string, unknown>>;
  readonly probed: ProbedTexts;
  /** What the manifest says of the texts. */
  readonly texts: readonly Record<string, unknown>[];
  /** The states, where they were to be kept. */
  readonly states: readonly HiddenStates[];
}

/** What is done with each reading. */
export interface VariantWork {
  readonly effects: Effects;
  readonly engine: GramEngine;
  readonly folder: string;
  /** Opens the model with a reading's overrides. */
  readonly open: (plan: VariantPlan) => Promise<Model>;
  /** The texts' states, the same texts for every reading. */
  readonly batches: (model: Model) => AsyncIterable<ModelBatch>;
  readonly options: Omit<ProbeOptions, "raw" | "pairs">;
  readonly saveStates: boolean;
  /** Whether the states of a reading are handed back. */
  readonly keep: (place: number) => boolean;
}

/** Runs and measures every reading, one after the other: no more than one model and one text's states are held. */
export async function runVariants(plans: readonly VariantPlan[], work: VariantWork): Promise<MeasuredVariant[]> {
  const measured: MeasuredVariant[] = [];
  for (const [place, plan] of plans.entries()) {
    const model = await work.open(plan);
    try {
      measured.push(await measureVariant(model, plan, place, work));
    } finally {
      await model.close();
    }
  }
  return measured;
}

async function measureVariant(
  model: Model,
  plan: VariantPlan,
  place: number,
  { effects, engine, folder, batches, options, saveStates, keep }: VariantWork,
): Promise<MeasuredVariant> {
  const path = join(folder, variantFile(RUN_FILES.states, place, plan.name));
  const writer = saveStates ? await createHiddenStates(path) : null;
  const probed: ProbedTexts[] = [];
  const texts: Record<string, unknown>[] = [];
  const states: HiddenStates[] = [];
  try {
    for await (const batch of batches(model)) {
      const show = (fraction: number) => effects.progress.update(fraction, `probing ${plan.label}: ${batch.name}`);
      probed.push(await probeStates(engine, batch.states, texts.length, options, show));
      texts.push(...describeBatch(batch));
      if (keep(place)) states.push(batch.states);
      await writer?.add(batch.states);
    }
    await writer?.finish();
  } catch (error) {
    await writer?.abort();
    throw error;
  }
  return { plan, model: { ...model.description, ran: model.ran() }, probed: joinProbed(probed), texts, states };
}
