import { join } from "node:path";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import type { HiddenStates } from "../../models/stream/hidden-states.ts";

/** How far states are from a reference, over every position: largest difference, and root mean square over that of the reference. */
export interface Distance {
  readonly max: number;
  readonly rms: number;
}

/** The distance of each layer from reference.safetensors; the raw last block is `last_block_output` where that exists. */
export async function distances(states: HiddenStates, folder: string): Promise<Map<string, Distance>> {
  const file = await openSafetensors(join(folder, "reference.safetensors"));
  const last = Math.max(...states.layers.map(({ layer }) => (layer === "final_norm" ? 0 : layer)));
  const found = new Map<string, Distance>();
  for (const { layer, x } of states.layers) {
    const raw = layer === last && file.tensors.has("last_block_output");
    const name = layer === "final_norm" ? "last_hidden_state" : raw ? "last_block_output" : `hidden_states.${layer}`;
    found.set(String(layer), distance(x, (await readFloats(file, name)).x));
  }
  await file.close();
  return found;
}

function distance(x: Float32Array, y: Float32Array): Distance {
  if (x.length !== y.length) throw new Error(`${x.length} values against ${y.length}`);
  const differences = x.map((value, i) => value - y[i]);
  const square = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  return {
    max: differences.reduce((max, value) => Math.max(max, Math.abs(value)), 0),
    rms: Math.sqrt(square(differences) / square(y)),
  };
}
