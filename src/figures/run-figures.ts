import type { FitResult } from "../fit/fit-result.ts";
import type { RunData } from "../run/run-data.ts";
import { policyInWords } from "../words/policy-in-words.ts";
import { sizeInWords } from "../words/size-in-words.ts";
import { betaProfile, betaProfileRows } from "./betaProfile.ts";
import { effectiveRankByLayer, effectiveRankRows } from "./effectiveRankByLayer.ts";
import { layerHistogramsRows } from "./layer-histogram-rows.ts";
import { layerHistograms } from "./layerHistograms.ts";
import { massNearOneByLayer, massNearOneRows } from "./massNearOneByLayer.ts";
import { meanCosineByLayer, meanCosineRows } from "./meanCosineByLayer.ts";
import { CAPTIONS } from "./parts/captions.ts";
import type { LayerChoice } from "./parts/choose-layers.ts";
import type { FigureSpec, NamedFigure } from "./parts/spec.ts";
import { timeByLayer, timeRows } from "./timeByLayer.ts";
import { variantFigures } from "./variant-figures.ts";
import { w1ByLayer, w1Rows } from "./w1ByLayer.ts";

/** Every figure that the data of a run allow, in the order of a report. */
export function runFigures(run: RunData, choice: LayerChoice = {}): readonly NamedFigure[] {
  const about = sizeOf(run);
  const named = (name: keyof typeof CAPTIONS, spec: FigureSpec): NamedFigure => {
    const { title, measured, predicted } = CAPTIONS[name];
    const caption = [measured, run.fit ? predicted : "", countedInWords(run)].filter(Boolean).join(" ");
    return { name, title, caption, spec };
  };
  const ofVariants = run.variants ? variantFigures(run.variants, about, countedInWords(run)) : [];
  // Readings side by side say more than the first of them alone, unless that one was fitted.
  const measured = run.variants && !run.fit ? [] : ofMeasures(run, about, choice, named);
  return [...ofVariants, ...measured, ...(run.fit ? ofFit(run.fit, about, named) : [])];
}

type Named = (name: keyof typeof CAPTIONS, spec: FigureSpec) => NamedFigure;

function ofMeasures({ metrics, histograms, fit }: RunData, about: string, choice: LayerChoice, named: Named) {
  const rows = layerHistogramsRows(fit ?? histograms, choice);
  const options = { about, ...(fit ? { notes: distanceNotes(fit) } : {}) };
  const has = (measure: string) => metrics.some((row) => row.measure === measure);
  return [
    ...(rows.length > 0 ? [named("layerHistograms", layerHistograms(rows, options))] : []),
    ...(has("mean_cosine") ? [named("meanCosineByLayer", meanCosineByLayer(meanCosineRows(metrics, fit), about))] : []),
    ...(has("mass_0.9") ? [named("massNearOneByLayer", massNearOneByLayer(massNearOneRows(metrics, fit), about))] : []),
    ...(has("effective_rank")
      ? [named("effectiveRankByLayer", effectiveRankByLayer(effectiveRankRows(metrics), about))]
      : []),
  ];
}

function ofFit(fit: FitResult, about: string, named: Named): NamedFigure[] {
  const times = timeRows(fit);
  return [
    named("w1ByLayer", w1ByLayer(w1Rows(fit), about)),
    named("betaProfile", betaProfile(betaProfileRows(fit), about)),
    ...(times.length > 0 ? [named("timeByLayer", timeByLayer(times, about))] : []),
  ];
}

/** "W₁: SA .031, USA .042" by layer; the first layer is where the simulation starts. */
function distanceNotes(fit: FitResult): Readonly<Record<number, string>> {
  const moving = fit.families.filter((family) => family.name !== "frozen");
  const note = (k: number) =>
    moving.map((family) => `${family.name.toUpperCase()} ${family.w1_by_layer[k]!.toFixed(3)}`).join(", ");
  return Object.fromEntries(
    fit.observed.layers.map((layer, k) => [layer, k === 0 ? "start of the simulation" : `W₁: ${note(k)}`]),
  );
}

function sizeOf({ histograms, fit, unit }: RunData): string {
  const sizes = histograms.texts.map((text) => text.n);
  const n = sizes.length > 0 ? sizes : (fit?.observed.n ?? [0]);
  return sizeInWords(n, histograms.texts[0]?.d ?? fit?.observed.d ?? 0, unit);
}

/** What was counted, as a sentence: sizes and, where they are known, policies. */
function countedInWords(run: RunData): string {
  const policy = policyInWords(run.policy ?? run.fit?.observed.policy ?? {});
  return `Counted: ${[policy, sizeOf(run)].filter(Boolean).join("; ")}.`;
}
