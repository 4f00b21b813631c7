import { activate } from "./activate.ts";
import type { BlockNames, ModelPlan } from "./architecture.ts";
import type { GraphDraft } from "./graph-draft.ts";
import { project } from "./project.ts";

/** The multilayer perceptron of a block: rows `[batch·n, d]` → rows `[batch·n, d]`. */
export function feedForward(draft: GraphDraft, plan: ModelPlan, names: BlockNames, rows: string): string {
  return project(draft, plan, inner(draft, plan, names, rows), names.down, plan.mlpWidth, plan.width);
}

function inner(draft: GraphDraft, plan: ModelPlan, names: BlockNames, rows: string): string {
  const { activation, mlpWidth, width } = plan;
  if (names.gated) {
    const both = project(draft, plan, rows, names.up, width, 2 * mlpWidth);
    const [gate, up] = draft.ops("Split", [both, draft.ints([mlpWidth, mlpWidth])], 2, { axis: { int: -1 } });
    return draft.op("Mul", [activate(draft, activation, gate), up]);
  }
  const up = project(draft, plan, rows, names.up, width, mlpWidth);
  if (names.gate === null) return activate(draft, activation, up);
  const gate = project(draft, plan, rows, names.gate, width, mlpWidth);
  return draft.op("Mul", [activate(draft, activation, gate), up]);
}
