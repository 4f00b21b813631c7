import { glprFigure1 as notebook } from "../../probes/glpr-figure1.ts";
import type { Preset } from "./preset.ts";

const { specialTokens, normalize, diagonal } = notebook.policy;

/**
 * Figure 1 of GLPR25 and of R as the authors' notebook makes it: ALBERT-XLarge-v2 with its one layer applied 48 times and
 * its weights read with one attention head, where 24 layers and 16 heads were trained. The same 48 layers with the heads
 * that were trained are drawn beside it. The notebook draws one random paragraph of wikitext-103; here the texts are the
 * user's, or the passages that come with the package.
 */
export const glprFigure1: Preset = {
  name: "glpr-figure1",
  about: "Figure 1 of the papers (ALBERT-XLarge at 48 layers with 1 head), beside the heads that were trained",
  title: "Inner products of tokens layer by layer, after Figure 1 of the papers",
  contrast: "with different numbers of heads",
  model: "albert/albert-xlarge-v2",
  settings: { depth: 48, heads: 1, truncate: true, specialTokens, normalize, diagonal },
  binRule: notebook.binRule,
  bins: notebook.bins,
  x: [-0.3, 1.05],
  panels: { survey: [0, 5, 30, 48], glpr25: [0, 1, 21, 22, 23, 24, 25, 26, 27, 46, 47, 48] },
  usualPanels: "survey",
  variants: [
    { name: "published", ownHeads: false },
    { name: "own-heads", ownHeads: true },
  ],
  remarks: [
    {
      when: { diagonal: "include" },
      text: "the diagonal is included, although the published caption says i ≠ j",
    },
    { when: { specialTokens: "keep" }, text: "special tokens are kept" },
  ],
};
