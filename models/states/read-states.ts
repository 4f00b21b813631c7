import type { RawInputs, RawTensor } from "../arrays/raw-tensor.ts";
import { TokensphereError } from "../errors.ts";
import { type FilledInputs, fillInputs } from "../inputs/fill-inputs.ts";
import type { OnnxGraph } from "../onnx/graph.ts";
import type { Session } from "../onnx/session.ts";
import { attentionOf } from "../stream/attention-tensors.ts";
import { batchFirst, inPlainOrder, turnedOrder } from "../stream/axis-order.ts";
import type { HiddenStates, LayerStates } from "../stream/hidden-states.ts";
import type { ResidualStream } from "../stream/residual-stream.ts";
import { extraTensors, type StreamExtras } from "../stream/stream-extras.ts";
import { checkLastState, checkLayer, stateDifference } from "./check-states.ts";
import { positionMask } from "./position-mask.ts";

/** Both come from one run of one graph: float32 rounding of a cast is all that may differ. */
const SAME_RUN_TOLERANCE = 1e-5;

/** What runs a model on inputs, and reads its stream. */
export interface InputRun {
  readonly graph: OnnxGraph;
  readonly stream: ResidualStream;
  /** Most positions that the model takes, null where that is not known. */
  readonly positions: number | null;
  readonly positionsByMask?: boolean;
  /** Whether the stream depends on an input. */
  readonly reads: (name: string) => boolean;
}

/** All inputs of a run: see `fillInputs`. */
export function filledInputs({ graph, stream, ...run }: InputRun, given: RawInputs): FilledInputs {
  return fillInputs({ ...stream, ...run, inputs: graph.inputs }, given);
}

/**
 * Runs a model once and gives the checked states of its residual stream.
 *
 * @param warn told which inputs were filled in; null where that goes without saying.
 * @param extras what is read besides; the session must have been opened with its tensors for outputs.
 * @param turned whether the stream's first axis is that of the tokens, its second the batch.
 * @throws TokensphereError `input` for unusable inputs or states that fail the self-check.
 */
export async function readStates(
  session: Session,
  run: InputRun,
  given: RawInputs,
  warn: ((message: string) => void) | null,
  extras: StreamExtras = {},
  turned = false,
): Promise<HiddenStates> {
  const { graph, stream } = run;
  const { inputs, filled } = filledInputs(run, given);
  if (warn) filled.forEach(warn);
  const source = turned ? batchFirst(inputs[stream.source]) : inputs[stream.source];
  const batch = source.shape[0];
  const own = graph.outputs.some(({ name }) => name === "last_hidden_state") ? ["last_hidden_state"] : [];
  const names = new Set([...stream.points.map(({ tensor }) => tensor), ...extraTensors(stream, extras), ...own]);
  const results = plainAxes(await session.run(inputs, [...names]), stream, turned);
  const maskOf = (n: number) => positionMask(inputs.attention_mask, batch, n, turned);
  const { layers, shape } = checkedLayers(stream, results, batch, maskOf);
  const [, n, d] = shape;
  checkPositionCount(stream, source, n);
  const mask = maskOf(n);
  const { layer, x } = layers[layers.length - 1];
  if (own.length > 0) {
    const output = checkLayer(layer, results.last_hidden_state, batch, shape, maskOf);
    checkLastState(stateDifference(x, output.x, mask, d), layer, SAME_RUN_TOLERANCE);
  }
  const more = readExtras(stream, extras, results, shape, mask);
  return { batch, n, d, layers, ...more, mask, special: null, tokens: null };
}

/** Padding to a multiple of a window, pooling and prompts within the model make other positions than those of the text. */
function checkPositionCount({ source, vocabulary }: ResidualStream, { shape }: RawTensor, n: number): void {
  if (vocabulary === null || shape.length !== 2 || shape[1] === n) return;
  const what = `the states have ${n} positions, ${source} has ${shape[1]}`;
  throw new TokensphereError("input", `${what}. give a text of ${n} tokens if the model pads, else another model`);
}

function plainAxes(
  results: Readonly<Record<string, RawTensor>>,
  { axes, attentions }: ResidualStream,
  turned: boolean,
): Record<string, RawTensor> {
  const scores = new Set(attentions.flat());
  const orderOf = (name: string) => (turned && !scores.has(name) ? turnedOrder(axes.get(name)) : axes.get(name));
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => [name, inPlainOrder(tensor, orderOf(name))]),
  );
}

function readExtras(
  stream: ResidualStream,
  { residMid, attentions }: StreamExtras,
  results: Readonly<Record<string, RawTensor>>,
  shape: readonly number[],
  mask: Uint8Array,
): Pick<HiddenStates, "residMid" | "attentions"> {
  const [batch, n] = shape;
  const middle = (tensor: string | null, layer: number) =>
    tensor === null ? [] : [{ layer, x: checkLayer(`mid ${layer}`, results[tensor], batch, shape, () => mask).x }];
  const weights = (tensors: readonly string[], layer: number) =>
    tensors.length === 0
      ? []
      : [
          attentionOf(
            layer,
            tensors.map((name) => results[name]),
            batch,
            n,
            mask,
          ),
        ];
  return {
    ...(residMid ? { residMid: stream.residMid.flatMap(middle) } : {}),
    ...(attentions ? { attentions: stream.attentions.flatMap(weights) } : {}),
  };
}

function checkedLayers(
  stream: ResidualStream,
  results: Readonly<Record<string, RawTensor>>,
  batch: number,
  mask: (n: number) => Uint8Array,
) {
  const layers: LayerStates[] = [];
  let like: readonly number[] | null = null;
  for (const { layer, tensor } of stream.points) {
    const { shape, x } = checkLayer(layer, results[tensor], batch, like, mask);
    like ??= shape;
    layers.push({ layer, x });
  }
  return { layers, shape: like ?? [0, 0, 0] };
}
