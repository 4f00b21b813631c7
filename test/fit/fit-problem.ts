import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import { layerFractions } from "../../src/fit/align.ts";
import { observeTexts } from "../../src/fit/observe.ts";
import { planSketch, sketch } from "../../src/fit/quantile-sketch.ts";
import type { FitProblem } from "../../src/fit/search.ts";

/** What `fit` makes of states before it searches, with every pair measured. */
export function fitProblem(...batches: readonly HiddenStates[]): FitProblem {
  const { texts, layers } = observeTexts(batches, defaultPolicy);
  const targets = texts.map((text) => {
    const plan = planSketch(
      Int32Array.from({ length: text.n }, (_, i) => i),
      1024,
    );
    const sketches = new Float64Array(text.clouds.length * plan.weights.length);
    text.clouds.forEach((cloud, k) => {
      sketch(plan, cloud, sketches, k * plan.weights.length);
    });
    return { plan, sketches };
  });
  return { texts, targets, layers, fractions: layerFractions(layers), untilMeanCosine: 0.9 };
}
