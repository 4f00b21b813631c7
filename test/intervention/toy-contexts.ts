import { writeFile } from "node:fs/promises";
import type { RawInputs } from "../../models/arrays/raw-tensor.ts";
import { encodeModel } from "../../models/onnx/writer.ts";
import { openModel } from "../../models/open-model.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";
import { sourceOf } from "../../src/sources/open-source.ts";
import type { StateSource } from "../../src/sources/state-source.ts";
import { type Builder, builder, TOY } from "../models/toy-transformer.ts";

/** Tokens of the toy models, more than fit in the smallest halves. */
const VOCABULARY = 40;

/** Which law moves the tokens of a toy model: how they look at each other, and what each does by itself. */
export interface ToyLaw {
  /** β of softmax attention with Q = K = V = I. */
  readonly beta: number;
  /** Times the attended mean of the tokens; 0: nobody looks at anybody. */
  readonly attention: number;
  /** Times the pull to fixed centres, a softmax over them of each token by itself. */
  readonly centres: number;
  readonly isCausal?: boolean;
  /** Whether the model takes attention_mask. */
  readonly takesMask: boolean;
}

/** ONNX bytes of three blocks x ← (x + step · attention + step · centres)/‖·‖ on the unit sphere, from unit embeddings. */
export function toyModel(law: ToyLaw): Uint8Array {
  const b = builder();
  const unit = (x: string) => b.op("LpNormalization", [x], { axis: { int: -1 }, p: { int: 2 } });
  let x = unit(b.op("Gather", [b.weight([VOCABULARY, TOY.d], 1), "input_ids"]));
  for (let k = 0; k < 3; k++) {
    const mid = b.op("Add", [x, attended(b, law, x)]);
    x = unit(b.op("Add", [mid, centred(b, law, mid)]));
  }
  const sequence = ["batch", "n"];
  return encodeModel({
    opset: 17,
    domains: {},
    inputs: [
      { name: "input_ids", type: "int64", dims: sequence },
      ...(law.takesMask ? [{ name: "attention_mask", type: "int64" as const, dims: sequence }] : []),
    ],
    outputs: [{ name: x, type: "float32", dims: [...sequence, TOY.d] }],
    nodes: b.nodes,
    initializers: b.initializers,
  });
}

function attended(b: Builder, { beta, attention, isCausal, takesMask }: ToyLaw, x: string): string {
  const [queries, keys, values] = [beta, 1, 1].map((scale) => b.op("MatMul", [x, identity(b, scale)]));
  const raw = b.op("MatMul", [queries, b.op("Transpose", [keys], { perm: { ints: [0, 2, 1] } })]);
  const hidden = scalar(b, -1e9);
  const ones = b.op("ConstantOfShape", [b.op("Shape", [raw])], {
    value: { tensor: { type: "float32", dims: [1], data: Float32Array.of(1) } },
  });
  const before = isCausal ? b.op("Trilu", [ones], { upper: { int: 0 } }) : ones;
  const mask = b.op("Cast", [takesMask ? b.op("Unsqueeze", ["attention_mask", integers(b, [1])]) : before], {
    to: { int: 1 },
  });
  const seen = b.op("Cast", [b.op("Mul", [mask, before])], { to: { int: 9 } });
  const scores = b.op("Where", [seen, raw, hidden]);
  const mixed = b.op("MatMul", [b.op("Softmax", [scores], { axis: { int: -1 } }), values]);
  return b.op("MatMul", [mixed, identity(b, attention)]);
}

/** A layer of a modern Hopfield network: nobody else is looked at. */
function centred(b: Builder, { centres }: ToyLaw, x: string): string {
  const overCentres = b.op("Softmax", [b.op("MatMul", [x, b.weight([TOY.d, 5], 3)])], { axis: { int: -1 } });
  return b.op("MatMul", [overCentres, b.weight([5, TOY.d], centres)]);
}

function identity(b: Builder, scale: number): string {
  const data = Float32Array.from({ length: TOY.d ** 2 }, (_, p) => (p % (TOY.d + 1) === 0 ? scale : 0));
  return constant(b, "float32", [TOY.d, TOY.d], data);
}

function scalar(b: Builder, value: number): string {
  return constant(b, "float32", [], Float32Array.of(value));
}

function integers(b: Builder, values: readonly number[]): string {
  return constant(b, "int64", [values.length], BigInt64Array.from(values, BigInt));
}

function constant(
  b: Builder,
  type: "float32" | "int64",
  dims: readonly number[],
  data: Float32Array | BigInt64Array,
): string {
  const name = `c_${b.initializers.length}`;
  b.initializers.push({ name, type, dims, data });
  return name;
}

/** Ids of a text that has each token once. */
export const TOY_INPUTS: RawInputs = {
  input_ids: {
    dtype: "int64",
    shape: [1, VOCABULARY],
    data: BigInt64Array.from({ length: VOCABULARY }, (_, i) => BigInt((7 * i) % VOCABULARY)),
  },
};

/** A toy model's states, and a way to open it again. */
export async function toyStudy(
  law: ToyLaw,
  path: string,
): Promise<{ readonly states: HiddenStates; readonly open: () => Promise<StateSource> }> {
  await writeFile(path, toyModel(law));
  const model = await openModel(path, { threads: 1 });
  const states = await model.states(TOY_INPUTS);
  await model.close();
  return {
    states,
    async open() {
      const again = await openModel(path, { threads: 1 });
      const inputs = async function* () {
        yield { name: "toy", text: null, input: TOY_INPUTS, many: false };
      };
      return sourceOf(again, path, async function* () {}, undefined, inputs);
    },
  };
}
