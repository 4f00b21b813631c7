import type { RawInputs, RawTensor } from "../arrays/raw-tensor.ts";
import { option, TokensphereError } from "../errors.ts";
import { tensorOf } from "../inputs/fill-inputs.ts";
import type { Session } from "../onnx/session.ts";
import { batchFirst, inPlainOrder } from "../stream/axis-order.ts";
import { filledInputs, type InputRun } from "./read-states.ts";

/** A text that feels a change of its first token feels it so many times more than the other texts, which do so by rounding. */
const CLEARLY = 4;

/**
 * Whether the first axis of a model's input is that of the tokens, the second the texts: attention mixes the tokens of a text,
 * so that one token changed changes the states along the axis of its text. Two small runs tell; where the model does not take
 * them, two of the inputs that are given do. Where neither tells, the batch is first.
 */
export async function areTokensFirst(session: Session, run: InputRun, given: RawInputs): Promise<boolean> {
  for (const inputs of [smallInputs(run), given]) {
    const axis = inputs && (await mixedAxis(session, run, inputs).catch(() => null));
    if (axis !== null) return axis === 0;
  }
  return false;
}

/**
 * A text's inputs `[1, n]` for a model that takes `[n, 1]`.
 *
 * @throws TokensphereError `input` where it takes others too, whose axes are not known.
 */
export function tokensDown({ stream, reads }: InputRun, inputs: RawInputs): RawInputs {
  const other = Object.keys(inputs).find((name) => name !== stream.source && reads(name));
  if (other !== undefined) {
    const what = `${stream.source} is [tokens, texts], and which axes ${other} has is not known`;
    throw new TokensphereError("input", `${what}. give both with ${option("inputs")}`);
  }
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, batchFirst(tensor)]));
}

/** Token ids `[2, 3]`, or as many as the model's shape fixes; null where it starts from no row of ids. */
function smallInputs({ graph, stream }: InputRun): RawInputs | null {
  const source = graph.inputs.find(({ name }) => name === stream.source);
  if (!source?.dtype.startsWith("int") || source.dims?.length !== 2 || (stream.vocabulary ?? 0) < 2) return null;
  const shape = source.dims.map((dim, axis) => (typeof dim === "number" ? dim : 2 + axis));
  const most = stream.vocabulary ?? 2;
  const ids = Array.from({ length: shape[0] * shape[1] }, (_, i) => most - 1 - (i % Math.min(most, 5)));
  return { [source.name]: tensorOf(source.dtype, shape, ids) };
}

/** Which of the first two axes the last state mixes; null where that is not clear. */
async function mixedAxis(session: Session, run: InputRun, given: RawInputs): Promise<0 | 1 | null> {
  const { stream } = run;
  const { inputs } = filledInputs(run, given);
  const source = inputs[stream.source];
  const { tensor } = stream.points[stream.layers];
  const stateOf = async (one: RawTensor) =>
    inPlainOrder((await session.run({ ...inputs, [stream.source]: one }, [tensor]))[tensor], stream.axes.get(tensor));
  const [a, b] = [await stateOf(source), await stateOf(otherFirst(source, stream.vocabulary))];
  const [rows, columns, d] = a.shape;
  if (a.shape.length !== 3 || rows !== source.shape[0] || columns !== source.shape[1]) return null;
  const moved = (i: number): number => differenceAt(a, b, i, d);
  let [down, along] = [0, 0];
  for (let i = 1; i < rows; i++) down = Math.max(down, moved(i * columns));
  for (let j = 1; j < columns; j++) along = Math.max(along, moved(j));
  if (along > CLEARLY * down) return 1;
  return down > CLEARLY * along ? 0 : null;
}

/** The same with another token in the first place. */
function otherFirst(source: RawTensor, vocabulary: number | null): RawTensor {
  const size = source.shape.length === 3 ? source.shape[2] : 1;
  const data = source.data.slice() as Float32Array | BigInt64Array;
  if (data instanceof BigInt64Array) data[0] = data[0] === 1n || (vocabulary ?? 0) < 2 ? 0n : 1n;
  else if (source.dtype === "int32") data[0] = data[0] === 1 ? 0 : 1;
  else for (let k = 0; k < size; k++) data[k] += 1 + k / size;
  return { ...source, data };
}

function differenceAt(a: RawTensor, b: RawTensor, position: number, d: number): number {
  let most = 0;
  for (let k = position * d; k < (position + 1) * d; k++)
    most = Math.max(most, Math.abs(Number(a.data[k]) - Number(b.data[k])));
  return most;
}
