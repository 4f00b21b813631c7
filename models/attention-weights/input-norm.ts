import type { OnnxNode } from "../onnx/graph.ts";
import { type GraphIndex, sourceConstant } from "../onnx/graph-index.ts";
import { NORM_OPS } from "../onnx/operator-kinds.ts";
import { type ConstantPlace, readConstant } from "../onnx/read-constant.ts";

/** What a norm does to a coordinate after it has made all tokens equally long. */
export interface InputNorm {
  /** `[d]`; `null`: 1. */
  readonly gain: Float32Array | null;
  /** `[d]`; `null`: 0. */
  readonly shift: Float32Array | null;
}

const PASSED = new Set(["Reshape", "Cast", "Identity", "Flatten", "Transpose"]);
const DEEPEST = 12;

/**
 * What lies between the stream and the projections of attention: nothing, or a norm with its gain and shift, in one node or spelt out.
 *
 * @param input what is projected.
 * @param stream the tensor of the stream that the block starts from.
 * @returns `null` where there is none.
 */
export async function inputNorm(
  index: GraphIndex,
  input: string,
  stream: string,
  place: ConstantPlace,
): Promise<InputNorm | null> {
  let [gain, shift]: (Float32Array | null)[] = [null, null];
  let name = input;
  for (let step = 0; step < DEEPEST && name !== stream; step++) {
    const node = index.nodes[index.producer.get(name) ?? -1];
    if (!node) return { gain, shift };
    if (NORM_OPS.has(node.op)) {
      const [own, offset] = await Promise.all([1, 2].map((k) => vectorOf(index, node.inputs[k], place)));
      return { gain: product(gain, own), shift: shift ?? offset };
    }
    const constant = node.inputs.find((one) => index.constants.has(one));
    if (constant !== undefined && (node.op === "Add" || node.op === "Mul")) {
      const vector = await vectorOf(index, constant, place);
      if (node.op === "Add") shift = vector;
      else gain = product(gain, vector);
    } else if (!PASSED.has(node.op)) return { gain, shift };
    name = dataOf(index, node);
  }
  return name === stream ? null : { gain, shift };
}

function dataOf(index: GraphIndex, { inputs }: OnnxNode): string {
  return inputs.find((one) => one !== "" && !index.constants.has(one)) ?? "";
}

/** The numbers of a constant vector; `null` of one number, or of none that is read. */
async function vectorOf(
  index: GraphIndex,
  name: string | undefined,
  place: ConstantPlace,
): Promise<Float32Array | null> {
  const tensor = name ? sourceConstant(index, name) : null;
  const numbers = tensor && (await readConstant(tensor, place));
  return numbers && numbers.length > 1 ? numbers : null;
}

function product(a: Float32Array | null, b: Float32Array | null): Float32Array | null {
  return a && b ? a.map((value, k) => value * b[k]) : (a ?? b);
}
