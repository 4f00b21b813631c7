import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillInputs } from "../../models/inputs/fill-inputs.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { exposeOutputs } from "../../models/onnx/expose-outputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { openSession } from "../../models/onnx/session.ts";
import { openModel } from "../../models/open-model.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { SKIPS } from "../skips.ts";
import { distances } from "./compare-states.ts";
import { renameTensors } from "./rename-tensors.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

// float32: other exporters and optimizers sum in another order; 1e-5 is about 40 ulp of states of size 1 to 5.
// float16: 11 bits a step, over 6 layers; int8: 8 bits a product: relative to the whole state.
const LIMITS = {
  float32: { max: 1e-5, rms: 1e-5 },
  float16: { max: Infinity, rms: 2e-2 },
  int8: { max: Infinity, rms: 0.15 },
};

interface Expected {
  readonly file: string;
  readonly layers: number;
  readonly norm: "post" | "pre";
  readonly precision?: keyof typeof LIMITS;
  readonly shared?: boolean;
  /** Fused attention hides the probabilities of these many blocks. */
  readonly hidden?: number;
}

const EXPECTED: readonly Expected[] = [
  { file: "albert/model.onnx", layers: 6, norm: "post", shared: true },
  { file: "albert/model_masklm.onnx", layers: 6, norm: "post", shared: true },
  { file: "albert/model_ortfused.onnx", layers: 6, norm: "post", shared: true, hidden: 5 },
  { file: "albert/model_dynamo.onnx", layers: 6, norm: "post", shared: true },
  { file: "albert/model_fp16.onnx", layers: 6, norm: "post", shared: true, precision: "float16" },
  { file: "albert/model_int8.onnx", layers: 6, norm: "post", shared: false, precision: "int8" },
  { file: "albert/model_sdpa_op18.onnx", layers: 6, norm: "post", shared: true },
  { file: "albert/model_torch113.onnx", layers: 6, norm: "post", shared: true },
  { file: "bert/model.onnx", layers: 3, norm: "post" },
  { file: "bert/model_extdata.onnx", layers: 3, norm: "post" },
  { file: "distilbert/model.onnx", layers: 3, norm: "post" },
  { file: "gpt2/model.onnx", layers: 3, norm: "pre" },
  { file: "gpt2/model_with_past.onnx", layers: 3, norm: "pre" },
  { file: "llama/model.onnx", layers: 3, norm: "pre" },
  { file: "modernbert/model.onnx", layers: 4, norm: "pre" },
  { file: "roberta/model.onnx", layers: 3, norm: "post" },
  { file: "t5-encoder/model.onnx", layers: 3, norm: "pre" },
  { file: "vit/model.onnx", layers: 3, norm: "pre" },
];

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
beforeAll(async () => {
  fixtures = await unpackFixtures(...new Set(EXPECTED.map(({ file }) => file.split("/")[0])));
});
afterAll(() => fixtures.remove());

describe.each(EXPECTED)("$file", ({ file, layers, norm, precision = "float32", shared = false, hidden = 0 }) => {
  const path = () => join(fixtures.folder, file);
  const folder = () => join(path(), "..");
  const open = async () => {
    const model = await openModel(path(), { threads: 1 });
    const given = await readInputs(join(folder(), "inputs.json"));
    const taken = new Set(model.description.inputs.map(({ name }) => name));
    return { model, inputs: Object.fromEntries(Object.entries(given).filter(([name]) => taken.has(name))) };
  };

  it("gives every hidden state that Hugging Face gives", async () => {
    const { model, inputs } = await open();
    const states = await model.states(inputs);
    await model.close();
    const labels = [...Array.from({ length: layers + 1 }, (_, k) => k), ...(norm === "pre" ? ["final_norm"] : [])];
    expect(states.layers.map(({ layer }) => layer)).toEqual(labels);
    for (const [layer, { max, rms }] of await distances(states, folder())) {
      expect.soft(max, `layer ${layer}`).toBeLessThan(LIMITS[precision].max);
      expect.soft(rms, `layer ${layer}`).toBeLessThan(LIMITS[precision].rms);
    }
  });

  it("is described as what it is", async () => {
    const { model } = await open();
    const { resid_mid, attentions, ...rest } = model.description;
    expect(rest).toMatchObject({ layers, norm, parallel: false, shared_weights: shared, hidden_size: 32, heads: 4 });
    expect(resid_mid.filter((name) => name !== null)).toHaveLength(layers);
    expect(attentions.filter((list) => list.length === 1)).toHaveLength(layers - hidden);
  });

  it("has the same stream under other names", () => {
    const bytes = new Uint8Array(readFileSync(path()));
    const renamed = renameTensors(bytes);
    const before = findResidualStream(readOnnxGraph(bytes));
    const after = findResidualStream(readOnnxGraph(renamed.bytes));
    expect(after.points.map(({ tensor }) => tensor)).toEqual(
      before.points.map(({ tensor }) => renamed.names.get(tensor)),
    );
    expect(after.norm).toBe(before.norm);
  });

  it.skipIf(file.includes("extdata") && SKIPS.externalData.skipped)(
    "gives the same outputs with the stream exposed as without",
    async () => {
      const { model, inputs } = await open();
      const bytes = new Uint8Array(readFileSync(path()));
      const names = model.description.outputs.map(({ name }) => name);
      const exposed = exposeOutputs(
        bytes,
        model.description.stream.map(({ tensor }) => tensor),
      );
      expect(readOnnxGraph(exposed).outputs.slice(0, names.length)).toEqual(model.description.outputs);
      // Optimization is off: fusions may not cross an exposed tensor, and would sum in another order.
      const needs = {
        inputs: model.description.inputs,
        source: Object.keys(inputs)[0],
        vocabulary: null,
        positions: null,
      };
      const filled = fillInputs(needs, inputs);
      const [plain, more] = await Promise.all(
        [bytes, exposed].map((b) => openSession(b, { level: "disabled", threads: 1 })),
      );
      const [a, b] = await Promise.all([plain, more].map((session) => session.run(filled.inputs, names)));
      expect(b).toEqual(a);
      await Promise.all([plain.close(), more.close()]);
    },
  );
});

describe("a file with weights outside", () => {
  it("is refused when its path leaves the folder", async () => {
    const bytes = readFileSync(join(fixtures.folder, "bert/model_extdata.onnx"));
    const path = join(fixtures.folder, "bert/model_escape.onnx");
    const [from, to] = ["model_extdata.onnx_data", "../del_extdata.onnx_dat"];
    writeFileSync(path, Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1"));
    await expect(openModel(path)).rejects.toMatchObject({ kind: "input", message: /outside the model's folder/ });
  });
});
