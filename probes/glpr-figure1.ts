import { defaultPolicy } from "./policy.ts";
import type { ProbeOptions } from "./probe-cloud.ts";

/**
 * The preset `glpr-figure1`: what the authors' notebook for Figure 1 of GLPR25 and R does, as against its caption. Special
 * tokens are kept, the whole Gram matrix is flattened with its diagonal, bins follow Freedman and Diaconis.
 */
export const glprFigure1: ProbeOptions = {
  policy: { ...defaultPolicy, specialTokens: "keep", diagonal: "include" },
  binRule: "freedman-diaconis",
};
