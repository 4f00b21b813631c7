import { NORM_OPS } from "../onnx/operator-kinds.ts";
import type { LiveGraph } from "./live-graph.ts";

export type NormKind = "LayerNorm" | "RMSNorm" | "BatchNorm" | "InstanceNorm" | "GroupNorm" | "LpNorm";

/** A normalization on the chain: its output and the place of its last node. */
export interface NormAfter {
  readonly kind: NormKind;
  readonly output: string;
  readonly place: number;
}

type Step = "pass" | "turn" | "reshape" | "whole" | "centre" | "scale" | "gain" | "shift" | "end";

/**
 * The normalization that follows a tensor of the chain directly, in one node or spelt out
 * (centre: x − mean; scale: by a root of a mean square; gain and shift: constant vectors).
 *
 * @returns null where something else follows.
 */
export function normAfter(graph: LiveGraph, tensor: string, place: number): NormAfter | null {
  const { index, chain } = graph;
  const done = new Set<Step>();
  let whole = "";
  let current = tensor;
  let output = tensor;
  let end = place;
  for (let at = place + 1; at < chain.length; at++) {
    const node = index.nodes[chain[at]];
    if (!node.inputs.includes(current)) break;
    const step = stepOf(graph, chain[at], current);
    const again = startsAgain(step, done) && !isCentredRms(node.op, done);
    if (step === "end" || (step !== "pass" && step !== "turn" && done.has(step)) || again) break;
    current = node.outputs[0];
    if (step === "turn") continue; // It counts where the norm goes on after it.
    done.add(step);
    if (step === "whole") whole = node.op;
    output = current;
    end = at;
  }
  return done.has("whole") || done.has("scale") ? { kind: kindOf(whole, done), output, place: end } : null;
}

const WHOLE_KINDS: Readonly<Record<string, NormKind>> = {
  BatchNormalization: "BatchNorm",
  InstanceNormalization: "InstanceNorm",
  GroupNormalization: "GroupNorm",
  LpNormalization: "LpNorm",
  SimplifiedLayerNormalization: "RMSNorm",
  RMSNormalization: "RMSNorm",
};

/** What takes the mean off is LayerNorm, spelt out or in part. */
function kindOf(whole: string, done: ReadonlySet<Step>): NormKind {
  if (done.has("centre")) return "LayerNorm";
  return whole === "" ? "RMSNorm" : (WHOLE_KINDS[whole] ?? "LayerNorm");
}

/** LayerNorm in two nodes: the mean taken off, then a norm by the root mean square. */
function isCentredRms(op: string, done: ReadonlySet<Step>): boolean {
  const isRms = op === "SimplifiedLayerNormalization" || op === "RMSNormalization";
  return isRms && done.has("centre") && !done.has("scale") && !done.has("gain");
}

/** A second centring, or a second norm, belongs to the next normalization; a shape changes before it, if at all. */
function startsAgain(step: Step, done: ReadonlySet<Step>): boolean {
  if (step === "reshape") return done.size > 0;
  if (step === "whole") return done.has("scale") || done.has("centre") || done.has("gain");
  if (step === "centre" && done.has("scale")) return true;
  if (step === "centre" || step === "scale") return done.has("whole") || done.has("gain") || done.has("shift");
  return false;
}

function stepOf(graph: LiveGraph, k: number, current: string): Step {
  const { index, live } = graph;
  const node = index.nodes[k];
  if (node.op === "Cast" || node.op === "Identity" || node.op === "Dropout") return "pass";
  if (node.op === "Reshape") return "reshape";
  if (node.op === "Transpose") return "turn";
  if (NORM_OPS.has(node.op)) return "whole";
  if (!["Sub", "Div", "Mul", "Add"].includes(node.op)) return "end";
  const other = node.inputs.find((name) => name !== current) ?? "";
  const isData = live.has(index.producer.get(other) ?? -1);
  if (isData) return node.op === "Sub" ? "centre" : node.op === "Add" ? "end" : "scale";
  if (!index.constants.has(other) || isScalar(graph, other)) return "end";
  return node.op === "Mul" ? "gain" : node.op === "Add" ? "shift" : "end";
}

function isScalar({ index }: LiveGraph, name: string): boolean {
  const tensor = index.graph.initializers.get(name) ?? constantTensor(index.nodes[index.producer.get(name) ?? -1]);
  return tensor ? tensor.dims.reduce((product, dim) => product * dim, 1) === 1 : false;
}

function constantTensor(node: LiveGraph["index"]["nodes"][number] | undefined) {
  return node?.op === "Constant" ? (node.attributes.get("value")?.tensor ?? null) : null;
}
