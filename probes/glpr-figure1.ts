import { defaultPolicy, type Policy } from "./policy/policy.ts";
import type { ProbeOptions } from "./probe-cloud.ts";
import type { BinRule } from "./products/bin-edges.ts";

/**
 * The preset `glpr-figure1`: what the authors' notebook for Figure 1 of GLPR25 and R does, as against its caption. Special
 * tokens are kept, the whole Gram matrix is flattened with its diagonal, bins follow Freedman and Diaconis;
 * where these would be narrower than a 512th of the range, which no drawing shows, they are that.
 */
export const glprFigure1: ProbeOptions & { readonly policy: Policy; readonly binRule: BinRule; readonly bins: number } =
  {
    policy: { ...defaultPolicy, specialTokens: "keep", diagonal: "include" },
    binRule: "freedman-diaconis",
    bins: 512,
  };
