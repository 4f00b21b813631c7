import type { Policy } from "./policy.ts";

/** The policy as it is written into a result, with what was known when it was applied. */
export interface PolicyRecord extends Policy {
  /** False: nothing said which tokens are special, so all were kept whatever `specialTokens` says. */
  readonly specialKnown: boolean;
  readonly padding: "never counted";
  /** Centring comes first, so that cosines are those of the centred vectors (Mu and Viswanath, arXiv:1702.01417). */
  readonly order: readonly ["select", "center", "normalize"];
}

export function policyRecord(policy: Policy, specialKnown: boolean): PolicyRecord {
  return { ...policy, specialKnown, padding: "never counted", order: ["select", "center", "normalize"] };
}
