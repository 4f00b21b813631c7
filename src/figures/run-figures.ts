import type { ComparedFit } from "../comparison/comparison.ts";
import type { RunData } from "../run/run-data.ts";
import type { VariantSet } from "../run/variant-set.ts";
import { policyInWords } from "../words/policy-in-words.ts";
import { sizeInWords } from "../words/size-in-words.ts";
import { betaByHeadFigure } from "./betaByHead.ts";
import { betaProfileFigure } from "./betaProfile.ts";
import { effectiveRankFigure } from "./effectiveRankByLayer.ts";
import { publishedFigure1 } from "./figure1.ts";
import { layerHistogramsFigure } from "./layerHistograms.ts";
import { massNearOneFigure } from "./massNearOneByLayer.ts";
import { meanCosineFigure } from "./meanCosineByLayer.ts";
import type { LayerChoice } from "./parts/choose-layers.ts";
import type { Figure, NamedFigure } from "./parts/spec.ts";
import { timeFigure } from "./timeByLayer.ts";
import { updateSharesFigure } from "./updateShares.ts";
import { variantsFigure } from "./variantsByLayer.ts";
import { w1Figure } from "./w1ByLayer.ts";

/** The figures of a report, in its order, by what they are drawn from. */
const OF_VARIANTS: readonly Figure<VariantSet>[] = [publishedFigure1, variantsFigure];
const OF_MEASURES: readonly Figure<RunData>[] = [
  layerHistogramsFigure,
  meanCosineFigure,
  massNearOneFigure,
  effectiveRankFigure,
];
/** What stands behind the fit. */
const OF_STEPS: readonly Figure<RunData>[] = [updateSharesFigure, betaByHeadFigure];
const OF_FIT: readonly Figure<ComparedFit>[] = [w1Figure, betaProfileFigure, timeFigure];

/** Every figure that the data of a run allow, in the order of a report. */
export function runFigures(run: RunData, layers: LayerChoice = {}): readonly NamedFigure[] {
  const drawing = { about: sizeOf(run), layers };
  const measured = countedInWords(run, run.policy ?? run.fit?.observed.policy);
  const fitted = countedInWords(run, run.fit?.observed.policy ?? run.policy);
  const drawn = <Data>(figures: readonly Figure<Data>[], data: Data): NamedFigure[] =>
    figures.flatMap(({ name, title, caption, ofFit = false, draw }) => {
      const spec = draw(data, drawing);
      const counted = ofFit ? fitted : measured;
      return spec ? [{ name, title: title(data), caption: `${caption(data)} ${counted}`, spec }] : [];
    });
  return [
    ...(run.variants ? drawn(OF_VARIANTS, run.variants) : []),
    // Readings side by side say more than the first of them alone, unless that one was fitted.
    ...(run.variants && !run.fit ? [] : drawn(OF_MEASURES, run)),
    ...(run.fit ? drawn(OF_FIT, run.fit) : []),
    ...drawn(OF_STEPS, run),
  ];
}

function sizeOf({ histograms, fit, unit }: RunData): string {
  const sizes = histograms.texts.map((text) => text.n);
  const n = sizes.length > 0 ? sizes : (fit?.observed.n ?? [0]);
  return sizeInWords(n, histograms.texts[0]?.d ?? fit?.observed.d ?? 0, unit);
}

/** What was counted, as a sentence: sizes and, where they are known, policies. */
function countedInWords(run: RunData, policy: Readonly<Record<string, unknown>> = {}): string {
  return `Counted: ${[policyInWords(policy), sizeOf(run)].filter(Boolean).join("; ")}.`;
}
