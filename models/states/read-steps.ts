import type { RawInputs } from "../arrays/raw-tensor.ts";
import type { Session } from "../onnx/session.ts";
import { feedName } from "../stream/feed-blocks.ts";
import type { HiddenStates, LayerStates } from "../stream/hidden-states.ts";
import { checkLayer } from "./check-states.ts";
import { positionMask } from "./position-mask.ts";
import { filledInputs, type InputRun } from "./read-states.ts";

/**
 * Runs every block of a model once, each on states that are given to it.
 *
 * @param session of a graph whose blocks are fed, see `feedBlocks`.
 * @param run of the graph as it was.
 * @param from layers 0 … L − 1 of as many tokens as are given.
 * @returns layers 1 … L: layer k + 1 is what block k makes of `from[k]`.
 * @throws TokensphereError `input` for unusable inputs or states.
 */
export async function readSteps(
  session: Session,
  run: InputRun,
  given: RawInputs,
  { batch, n, d, layers: from }: Pick<HiddenStates, "batch" | "n" | "d" | "layers">,
): Promise<HiddenStates> {
  const { stream } = run;
  const { inputs } = filledInputs(run, given);
  const shape = [batch, n, d];
  const starts = from.slice(0, stream.layers);
  const fed = starts.map(({ x: data }, k) => [feedName(k), { dtype: "float32", shape, data }] as const);
  const ends = stream.points.slice(1, stream.layers + 1);
  const names = ends.map(({ tensor }) => tensor);
  const results = await session.run({ ...inputs, ...Object.fromEntries(fed) }, names);
  const mask = positionMask(inputs.attention_mask, batch, n);
  const layers: LayerStates[] = ends.map(({ layer, tensor }) => ({
    layer,
    x: checkLayer(layer, results[tensor], batch, shape, () => mask).x,
  }));
  return { batch, n, d, layers, mask, special: null, tokens: null };
}
