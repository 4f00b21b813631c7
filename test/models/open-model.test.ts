import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { exposeOutputs } from "../../models/onnx/expose-outputs.ts";
import { readOnnxGraph } from "../../models/onnx/graph.ts";
import { openSession } from "../../models/onnx/session.ts";
import { inspectModel, openModel, statesOfTexts } from "../../models/open-model.ts";
import { readStates } from "../../models/states/read-states.ts";
import { findResidualStream } from "../../models/stream/residual-stream.ts";
import { writeToyTokenizer } from "./toy-tokenizer.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let bert = "";
beforeAll(async () => {
  fixtures = await unpackFixtures("bert", "roberta");
  bert = join(fixtures.folder, "bert");
  await writeToyTokenizer(bert);
});
afterAll(() => fixtures.remove());

describe("an open model", () => {
  it("gives the states of a text with its tokens and special positions", async () => {
    const model = await openModel(bert, { threads: 1 });
    expect(model.ran()).toBeNull();
    const states = await model.states("the sphere and a token");
    expect(states).toMatchObject({ batch: 1, n: 7, d: 32, special: Uint8Array.of(1, 0, 0, 0, 0, 0, 1) });
    expect(states.tokens).toEqual([["[CLS]", "the", "sphere", "and", "a", "token", "[SEP]"]]);
    expect(states.mask).toEqual(new Uint8Array(7).fill(1));
    expect(model.ran()).toEqual({ level: "extended", threads: 1, precision: "float32", providers: ["cpu"] });
    await model.close();
  });

  it("gives the same for a text as for its ids, and one text at a time", async () => {
    const model = await openModel(bert, { threads: 1 });
    const ids = { dtype: "int64", shape: [1, 3], data: BigInt64Array.of(2n, 4n, 3n) };
    const raw = await model.states({ input_ids: ids });
    for await (const states of statesOfTexts(model, ["the", "the"])) expect(states.layers).toEqual(raw.layers);
    await model.close();
  });

  it("says which inputs it filled in, once", async () => {
    const said: string[] = [];
    const model = await openModel(bert, { threads: 1, warn: (message) => said.push(message) });
    const { input_ids } = await readInputs(join(bert, "inputs.json"));
    await model.states({ input_ids });
    await model.states({ input_ids });
    expect(said).toEqual([
      "input attention_mask not given: filled with ones",
      "input token_type_ids not given: filled with zeros",
    ]);
    await model.close();
  });

  it("refuses a text beyond its positions unless told to cut it, and says that it did", async () => {
    const long = "token ".repeat(50);
    const model = await openModel(bert, { threads: 1 });
    await expect(model.states(long)).rejects.toThrow("text too long: 52 tokens, the model takes 40");
    await model.close();
    const said: string[] = [];
    const cutting = await openModel(bert, { threads: 1, truncate: true, warn: (message) => said.push(message) });
    expect((await cutting.states(long)).n).toBe(40);
    expect(said).toEqual(["text cut: 12 tokens beyond the model's 40 dropped"]);
    await cutting.close();
  });

  it("without a tokenizer takes raw inputs only", async () => {
    const model = await openModel(join(fixtures.folder, "roberta"), { threads: 1 });
    await expect(model.states("a")).rejects.toMatchObject({ kind: "input", message: /without a tokenizer.*`inputs`$/ });
    expect((await model.states(await readInputs(join(fixtures.folder, "roberta/inputs.json")))).special).toBeNull();
    await model.close();
  });

  it("refuses a mask that counts nothing in a row", async () => {
    const model = await openModel(bert, { threads: 1 });
    const inputs = await readInputs(join(bert, "inputs.json"));
    const mask = { ...inputs.attention_mask, data: new BigInt64Array(24) };
    await expect(model.states({ ...inputs, attention_mask: mask })).rejects.toThrow(/counts no position: row 0/);
    await model.close();
  });
});

describe("the description of a model", () => {
  it("is made without running it, and names the file by its hash", async () => {
    const path = join(bert, "model.onnx");
    const description = await inspectModel(path);
    expect(description.sha256).toBe(
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    );
    expect(description.stream.map(({ layer, name }) => [layer, name])).toEqual([
      [0, "embedding"],
      [1, "block 1"],
      [2, "block 2"],
      [3, "block 3"],
    ]);
    expect(description).toMatchObject({ opset: 14, producer: "pytorch", precision: "float32", warnings: [] });
    expect(description.inputs.map(({ name }) => name)).toEqual(["input_ids", "attention_mask", "token_type_ids"]);
  });
});

describe("the self-check", () => {
  it("catches a wrong tensor at the end of the stream", async () => {
    const bytes = new Uint8Array(await readFile(join(bert, "model.onnx")));
    const graph = readOnnxGraph(bytes);
    const stream = findResidualStream(graph);
    const wrong = {
      ...stream,
      points: [...stream.points.slice(0, 3), { ...stream.points[3], tensor: stream.residMid[2]! }],
    };
    const session = await openSession(
      exposeOutputs(
        bytes,
        wrong.points.map(({ tensor }) => tensor),
      ),
      { threads: 1 },
    );
    const inputs = await readInputs(join(bert, "inputs.json"));
    await expect(
      readStates(session, { graph, stream: wrong, positions: null, reads: () => true }, inputs, null),
    ).rejects.toThrow(/self-check failed: layer 3 is not/);
    await session.close();
  });

  it("catches a tensor of another shape", async () => {
    const bytes = new Uint8Array(await readFile(join(bert, "model.onnx")));
    const graph = readOnnxGraph(bytes);
    const stream = findResidualStream(graph);
    const [attention] = stream.attentions[0];
    const wrong = { ...stream, points: [...stream.points.slice(0, 3), { ...stream.points[3], tensor: attention }] };
    const session = await openSession(
      exposeOutputs(
        bytes,
        wrong.points.map(({ tensor }) => tensor),
      ),
      { threads: 1 },
    );
    const inputs = await readInputs(join(bert, "inputs.json"));
    await expect(
      readStates(session, { graph, stream: wrong, positions: null, reads: () => true }, inputs, null),
    ).rejects.toThrow(/layer 3 has shape/);
    await session.close();
  });

  it("catches a config.json that counts other layers", async () => {
    const other = join(fixtures.folder, "other");
    await mkdir(other);
    await copyFile(join(bert, "model.onnx"), join(other, "model.onnx"));
    await writeFile(join(other, "config.json"), '{"num_hidden_layers": 4}');
    await expect(openModel(other)).rejects.toThrow("found 3 blocks, config.json says 4");
  });

  it("catches states that are not finite, and names the layer", async () => {
    const bytes = await readFile(join(bert, "model.onnx"));
    const { location } = [...readOnnxGraph(bytes).initializers.values()].find(
      ({ name }) => name.includes("layer.1") && name.includes("bias"),
    )!;
    if (location.kind !== "raw") throw new Error("raw data expected");
    for (let at = location.start; at < location.end; at += 4) bytes.writeFloatLE(Number.NaN, at);
    const path = join(fixtures.folder, "nan.onnx");
    await writeFile(path, bytes);
    const model = await openModel(path, { threads: 1 });
    const states = model.states(await readInputs(join(bert, "inputs.json")));
    await expect(states).rejects.toMatchObject({ kind: "input", message: /not finite: layer 2/ });
    await model.close();
  });
});
