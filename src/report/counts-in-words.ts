import type { RunData } from "../run/run-data.ts";
import { sizeInWords } from "../words/size-in-words.ts";
import { headsInWords, modelName, overridesInWords, textNames } from "./measured.ts";

/** What a run was of: "bundled · 6 heads · a.txt · n = 313, d = 384 · 13 layers with the embedding". `model` and `texts` as a manifest has them. */
export function countsInWords(
  { histograms, unit }: Pick<RunData, "histograms" | "unit">,
  { model, texts: named }: { readonly model?: unknown; readonly texts?: unknown },
): string {
  const { texts } = histograms;
  const layers = texts[0]?.layers.filter(({ layer }) => layer !== "final_norm") ?? [];
  const embedding = layers.some(({ layer }) => Number(layer) === 0) ? "with the embedding" : "without the embedding";
  const size = sizeInWords(
    texts.map(({ n }) => n),
    texts[0]?.d ?? 0,
    unit,
  );
  return [
    ...modelName(model),
    ...headsInWords(model),
    ...overridesInWords(model),
    ...textNames(named),
    ...(texts.length > 0 ? [size, `${layers.length} layers ${embedding}`] : []),
  ].join(" · ");
}
