// Hidden states of a model against a reference file: what discovery.mjs and architectures.mjs have in common.
import { openModel, openSafetensors, readFloats } from "../dist/models/index.js";

/** Differences over all positions, padding included; rms is relative to the reference. */
export function compare(x, y) {
  if (x.length !== y.length) throw new Error(`${x.length} values against ${y.length}`);
  let [max, squares, total] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    max = Math.max(max, Math.abs(x[i] - y[i]));
    squares += (x[i] - y[i]) ** 2;
    total += y[i] ** 2;
  }
  return { max, rms: Math.sqrt(squares / total) };
}

/**
 * What a layer should equal. The raw last block is `last_block_output` where the reference has it: its hidden_states.L is
 * then already normed. `block_input.k` is there where a model reports something else than what its blocks are given.
 */
function referenceName(file, layer, last) {
  const first = (...names) => names.find((name) => file.tensors.has(name)) ?? names.at(-1);
  if (layer === "final_norm") return first("last_hidden_state", `hidden_states.${last}`);
  return first(layer === last ? "last_block_output" : `block_input.${layer}`, `hidden_states.${layer}`);
}

/**
 * Opens a model and compares its states with those of each case. `compared` counts the layers that a reference holds,
 * `expected` those that it should: a reference with more layers than were found is a wrong answer.
 */
export async function measure({ path, options = {}, cases }) {
  const started = performance.now();
  const model = await openModel(path, options);
  const found = performance.now() - started;
  const row = { max: null, rms: null, normMax: null, compared: 0, expected: 0, found };
  try {
    for (const { reference, inputs } of await cases()) {
      const known = Object.fromEntries(
        Object.entries(inputs).filter(([name]) => model.description.inputs.some((input) => input.name === name)),
      );
      const states = await model.states(known);
      const file = await openSafetensors(reference);
      row.expected += [...file.tensors.keys()].filter((name) => /^hidden_states\.\d+$/.test(name)).length;
      for (const { layer, x } of states.layers) {
        const name = referenceName(file, layer, model.description.layers);
        if (!file.tensors.has(name)) continue; // Some references hold a few layers only.
        const { max, rms } = compare(x, (await readFloats(file, name)).x);
        if (layer === "final_norm") row.normMax = Math.max(row.normMax ?? 0, max);
        else
          Object.assign(row, {
            max: Math.max(row.max ?? 0, max),
            rms: Math.max(row.rms ?? 0, rms),
            compared: row.compared + 1,
          });
      }
      await file.close();
    }
  } finally {
    await model.close();
  }
  return { ...row, ...model.description };
}

/** What the table calls a model's norms and blocks. */
export const kindOf = ({ norm, parallel, shared_weights }) =>
  `${norm}${parallel ? ", parallel" : ""}${shared_weights ? ", shared" : ""}`;

export const scientific = (value) => (value === null ? "–" : value.toExponential(1));
