import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import type { FitProblem } from "../../src/fit/evaluate.ts";
import { observeTexts } from "../../src/fit/observe.ts";
import { fitProblem as problemOf } from "../../src/fit/problem.ts";

/** What `fit` makes of states before it searches; simulations go on to a mean cosine of .9. */
export function fitProblem(...batches: readonly HiddenStates[]): FitProblem {
  return { ...problemOf(observeTexts(batches, defaultPolicy), 1), untilMeanCosine: 0.9 };
}
