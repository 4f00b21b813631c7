// What is killed: small command lines of each kind that writes.
import { join } from "node:path";
import { writeHiddenStates } from "../../dist/models/index.js";
import { randomSource, uniformCloud } from "../../dist/sim/index.js";

const [LAYERS, N, D] = [3, 12, 3];

/**
 * Command lines by name, the folder that each writes, and what an end leaves there on purpose: rows of a sweep, what came of a
 * file. `work` is where they run; `inputs` are put there.
 */
export async function commands(work, endpoint) {
  const layers = Array.from({ length: LAYERS }, (_, layer) => ({
    layer,
    x: Float32Array.from(uniformCloud(N, D, randomSource(layer + 1)).x),
  }));
  const mask = new Uint8Array(N).fill(1);
  await writeHiddenStates(join(work, "states.safetensors"), [
    { batch: 1, n: N, d: D, layers, mask, special: null, tokens: null },
  ]);
  const inputs = ["states.safetensors"];
  const out = join(work, "out");
  const hub = join(work, "hub");
  return {
    compare: {
      args: "compare states.safetensors --bootstrap 0 --families sa --time linear --no-updates --no-who --save-states --out out".split(
        " ",
      ),
      env: {},
      writes: out,
      keeps: /^$/,
      inputs,
    },
    sweep: {
      args: "sweep --dynamics sa --n 6 --d 3 --betas 1,2,3,4,5,6 --times 0,1,2,4 --seeds 20 --workers 2 --out out".split(
        " ",
      ),
      env: {},
      writes: out,
      keeps: /^$/,
      inputs,
    },
    download: {
      args: ["inspect", "owner/model", "--json"],
      env: { HF_ENDPOINT: endpoint, HF_HOME: hub },
      writes: hub,
      keeps: /\.incomplete$/,
      inputs,
    },
  };
}
