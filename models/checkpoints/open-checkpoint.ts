import { hashFile, hashOfAll } from "../arrays/hash-file.ts";
import { readUtf8 } from "../arrays/read-utf8.ts";
import { TokensphereError } from "../errors.ts";
import { type CheckpointFiles, weightFiles } from "../files/checkpoint-files.ts";
import type { Overrides } from "../files/overrides.ts";
import { readOnnxGraph } from "../onnx/graph.ts";
import type { OpenedGraph } from "../onnx/opened-graph.ts";
import { encodeModel, type ModelSpec } from "../onnx/writer.ts";
import { architectureOf } from "./architectures.ts";
import { buildGraph } from "./build-graph.ts";
import type { Architecture, ModelPlan } from "./layers/architecture.ts";
import { overriddenPlan } from "./override-plan.ts";
import { randomParameters } from "./random-parameters.ts";
import { storedParameters } from "./stored-parameters.ts";
import { checkUnread } from "./unread-parameters.ts";
import { hasHalves, widenLate } from "./widen-late.ts";

/**
 * The graph of a checkpoint: written from config.json, its constants pointing into the safetensors files, which are
 * neither changed nor copied.
 *
 * @throws TokensphereError `input` for an architecture that is not known, files that do not fit each other, or an
 *   override that the weights do not allow.
 */
export async function openCheckpoint(files: CheckpointFiles, overrides: Overrides): Promise<OpenedGraph> {
  const config = await readConfig(files.config);
  const architecture = architectureOf(String(config.model_type ?? ""), files.config);
  const plan = overriddenPlan(architecture, config, files.config, overrides);
  const { randomInit } = overrides;
  const untied = config.tie_word_embeddings === false;
  const spelling = { ...architecture, ...(untied ? { tied: {} } : {}) };
  const opened = randomInit === undefined ? stored(files, spelling, plan) : fresh(files, plan, randomInit);
  return { ...(await opened), positionsByMask: architecture.positionsByMask ?? false };
}

/** Attention probabilities are no outputs here: nobody asks, and the runtime would hold them all until a run ends. */
const OUTPUTS = { attentions: false };

async function stored(files: CheckpointFiles, architecture: Architecture, plan: ModelPlan): Promise<OpenedGraph> {
  const paths = await weightFiles(files.weights ?? "");
  const parameters = await storedParameters(paths, architecture);
  const spec = buildGraph(plan, parameters, OUTPUTS);
  const { all, read } = parameters.names();
  const warnings = checkUnread(architecture.modelTypes[0], plan, all, read, paths[0]);
  const hashes = await Promise.all(paths.map(hashFile));
  return {
    ...written(spec),
    warnings,
    path: paths[0],
    weightsFolder: parameters.folder,
    sha256: hashOfAll(hashes),
    files: [await hashFile(files.config), ...hashes],
    prepare: async () => ({
      options: { externalFolder: parameters.folder, foldConstants: !hasHalves(spec) },
      release: async () => undefined,
    }),
  };
}

async function fresh({ config }: CheckpointFiles, plan: ModelPlan, seed: number): Promise<OpenedGraph> {
  const parameters = randomParameters(seed);
  const spec = buildGraph(plan, parameters, OUTPUTS);
  const hash = await hashFile(config);
  const prepare = async () => {
    const { folder, remove } = await parameters.write();
    return { options: { externalFolder: folder }, release: remove };
  };
  return { ...written(spec), path: config, sha256: hash.sha256, files: [hash], prepare, weightsFolder: null };
}

function written(spec: ModelSpec) {
  const bytes = encodeModel(hasHalves(spec) ? widenLate(spec) : spec);
  return { source: "checkpoint", bytes, graph: readOnnxGraph(bytes), precision: storedPrecision(spec) } as const;
}

/** All is computed in float32; half precision on disk is said. */
function storedPrecision({ initializers }: ModelSpec): string {
  const halves = [...new Set(initializers.map(({ type }) => type))].filter((type) => type.endsWith("float16"));
  return halves.length === 0 ? "float32" : `float32, from ${halves.sort().join(" and ")} weights`;
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const fail = (what: string, remedy: string) =>
    new TokensphereError("input", `config cannot be used: ${path}: ${what}. ${remedy}`);
  let config: unknown;
  try {
    config = JSON.parse(await readUtf8(path));
  } catch (error) {
    throw error instanceof TokensphereError ? error : fail("no JSON", "fetch it again");
  }
  if (typeof config !== "object" || config === null) throw fail("no JSON object", "fetch it again");
  if ("quantization_config" in config) {
    throw fail("the weights are quantized", "give the checkpoint in floating point, or an ONNX export");
  }
  return config as Record<string, unknown>;
}
