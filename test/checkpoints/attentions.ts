import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { architectureOf } from "../../models/checkpoints/architectures.ts";
import { buildGraph } from "../../models/checkpoints/build-graph.ts";
import { configReader } from "../../models/checkpoints/layers/config-reader.ts";
import { storedParameters } from "../../models/checkpoints/stored-parameters.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { openSession } from "../../models/onnx/session.ts";
import { encodeModel } from "../../models/onnx/writer.ts";

/** Runs a checkpoint's graph with attention probabilities among its outputs. */
export async function openWithAttentions(folder: string) {
  const path = join(folder, "config.json");
  const config = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  const architecture = architectureOf(String(config.model_type), path);
  const plan = architecture.plan(configReader(config, path));
  const parameters = await storedParameters([join(folder, "model.safetensors")], architecture);
  const spec = buildGraph(plan, parameters);
  const session = await openSession(encodeModel(spec), { threads: 1, externalFolder: parameters.folder });
  const names = spec.outputs.map(({ name }) => name).filter((name) => name.startsWith("attentions."));
  const results = await session.run(await readInputs(join(folder, "inputs.json")), names);
  const attentions = names.map((name) => ({ shape: results[name].shape, data: results[name].data as Float32Array }));
  return { attentions, close: () => session.close() };
}
