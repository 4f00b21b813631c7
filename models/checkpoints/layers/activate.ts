import { TokensphereError } from "../../errors.ts";
import type { GraphDraft } from "./graph-draft.ts";

type Activate = (draft: GraphDraft, x: string) => string;

/** Activations by the names of config.json (`hidden_act` and its like). */
const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  gelu: (draft, x) => {
    const erf = draft.op("Erf", [draft.op("Div", [x, draft.floats([Math.SQRT2])])]);
    const twice = draft.op("Mul", [x, draft.op("Add", [erf, draft.floats([1])])]);
    return draft.op("Mul", [twice, draft.floats([0.5])]);
  },
  gelu_new: tanhGelu,
  gelu_fast: tanhGelu,
  gelu_pytorch_tanh: tanhGelu,
  quick_gelu: (draft, x) => {
    const gate = draft.op("Sigmoid", [draft.op("Mul", [x, draft.floats([1.702])])]);
    return draft.op("Mul", [x, gate]);
  },
  relu: (draft, x) => draft.op("Relu", [x]),
  silu: swish,
  swish,
  tanh: (draft, x) => draft.op("Tanh", [x]),
};

/** @throws TokensphereError `input` for an activation that is not known. */
export function activate(draft: GraphDraft, activation: string, x: string): string {
  const known = Object.hasOwn(ACTIVATIONS, activation) ? ACTIVATIONS[activation] : null;
  if (known) return known(draft, x);
  const remedy = `known are ${Object.keys(ACTIVATIONS).join(", ")}; or export the model with optimum-cli`;
  throw new TokensphereError("input", `activation not known: ${activation}. ${remedy}`);
}

/** x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), Hendrycks and Gimpel 2016. */
function tanhGelu(draft: GraphDraft, x: string): string {
  const cube = draft.op("Mul", [draft.op("Mul", [x, x]), x]);
  const inner = draft.op("Add", [x, draft.op("Mul", [cube, draft.floats([0.044715])])]);
  const tanh = draft.op("Tanh", [draft.op("Mul", [inner, draft.floats([Math.sqrt(2 / Math.PI)])])]);
  const half = draft.op("Mul", [x, draft.floats([0.5])]);
  return draft.op("Mul", [half, draft.op("Add", [tanh, draft.floats([1])])]);
}

function swish(draft: GraphDraft, x: string): string {
  return draft.op("Mul", [x, draft.op("Sigmoid", [x])]);
}
