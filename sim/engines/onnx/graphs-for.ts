import { TokensphereError } from "../../../models/errors.ts";
import { graphsOf, type TermGraph } from "../../terms/term.ts";
import type { EngineTask } from "../contract/engine.ts";

/** Why ONNX Runtime cannot compute a dynamics; `null` where it can. */
export function whyNoGraph({ dynamics, params }: Pick<EngineTask, "dynamics" | "params">): string | null {
  return graphsOf(dynamics.terms(params)) ? null : `${dynamics.name} has no graph for onnx runtime. use auto or ts`;
}

/**
 * The graphs of a dynamics' terms.
 *
 * @throws TokensphereError `usage` where one has none.
 */
export function graphsFor(task: Pick<EngineTask, "dynamics" | "params">): readonly TermGraph[] {
  const graphs = graphsOf(task.dynamics.terms(task.params));
  if (graphs) return graphs;
  throw new TokensphereError("usage", `engine ort: ${whyNoGraph(task)}`);
}
