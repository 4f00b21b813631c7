import type { VariantSet } from "../run/variant-set.ts";
import { figure1 } from "./figure1.ts";
import type { NamedFigure } from "./parts/spec.ts";
import { variantsByLayer } from "./variantsByLayer.ts";

/** The figures of a run that read the weights in several ways. `counted` says what was counted, as a sentence. */
export function variantFigures(set: VariantSet, about: string, counted: string): readonly NamedFigure[] {
  const rows = set.variants.map(({ label, words }) => `${label}: ${words}.`).join(" ");
  const remarks = set.remarks.map((text) => `${text[0]!.toUpperCase()}${text.slice(1)}.`).join(" ");
  return [
    {
      name: "figure1",
      title: set.title,
      caption: `The distribution of inner products of tokens at the layers of the published figure, a row for each reading of the same weights. ${rows} ${remarks} Bins follow the rule of Freedman and Diaconis, no narrower than a pixel; all panels share both scales, and a peak that would flatten the others is cut, its height written. Numbers above a panel are of pairs i ≠ j, mean over texts. ${counted}`,
      spec: figure1(set, about),
    },
    {
      name: "variantsByLayer",
      title: "The same weights with different numbers of heads",
      caption: `Mean cosine and share of pairs above .9 at every layer, pairs i ≠ j. ${rows} The upright line, where there is one, is the last layer that was trained: what lies beyond was made by nobody's training, with any number of heads. ${counted}`,
      spec: variantsByLayer(set, about),
    },
  ];
}
