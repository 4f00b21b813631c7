import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeHiddenStates } from "../../models/index.ts";
import { inspectModel, openModel, readHiddenStates, readInputs, statesOfTexts } from "../../src/library/models.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-library-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("the library's models", () => {
  it("are the bundled one where none is named", async () => {
    const { layers } = await inspectModel();
    expect(layers).toBeGreaterThan(1);
  });

  it("are looked for where the environment says, and nowhere else when it forbids that", async () => {
    vi.stubEnv("HF_HOME", folder);
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    await expect(openModel("owner/name")).rejects.toMatchObject({
      kind: "environment",
      message: expect.stringContaining("HF_HUB_OFFLINE"),
    });
  });

  it("have no revision where they are not of the hub", async () => {
    await expect(openModel(folder, { revision: "main" })).rejects.toMatchObject({
      kind: "usage",
      message: `revision: ${folder} is not of the hub. leave it out`,
    });
  });

  it("take an `env` of undefined for none", async () => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    const options = { env: undefined } as unknown as object;
    await expect(openModel("owner/name", options)).rejects.toMatchObject({ kind: "environment" });
    await expect(inspectModel("owner/name", options)).rejects.toMatchObject({ kind: "environment" });
  });

  it.each([42, null, {}, ["a"]])("are refused in one line for %j", async (reference) => {
    await expect(openModel(reference as unknown as string)).rejects.toMatchObject({
      name: "TokensphereError",
      kind: "usage",
      message: expect.stringMatching(/^no model name: .*give a hub id, a folder or a \.onnx file$/),
    });
    await expect(readHiddenStates(reference as unknown as string)).rejects.toMatchObject({
      name: "TokensphereError",
      kind: "usage",
    });
  });

  it.each<[unknown, RegExp]>([
    [5, /^options: number\. give an object/],
    [null, /^options: null\. /],
    [["cpu"], /^options: a list\. /],
    [{ providers: "cpu" }, /^option providers: cpu\. give a list of names$/],
    [{ dtype: "fp17" }, /^option dtype: fp17\. give one of fp32, /],
    [{ revision: 4 }, /^option revision: number\. give a text$/],
    [{ warn: true }, /^option warn: boolean\. give a function$/],
    [{ env: 3 }, /^option env: number\. give an object of variables/],
  ])("are refused in one line with the options %j", async (options, message) => {
    const refusal = { name: "TokensphereError", kind: "usage", message: expect.stringMatching(message) };
    await expect(openModel(undefined, options as object)).rejects.toMatchObject(refusal);
    await expect(inspectModel(undefined, options as object)).rejects.toMatchObject(refusal);
  });

  it("refuse in one line what is no input", async () => {
    const model = await openModel();
    for (const input of [null, undefined, 3, ["a"], { ids: ["a"] }, { input_ids: null }, { input_ids: [1, 2] }]) {
      await expect(model.states(input as unknown as string)).rejects.toMatchObject({
        name: "TokensphereError",
        kind: "usage",
        message: expect.stringMatching(/^no input: .*\. give a text, its tokens or tensors by name$/),
      });
    }
    for (const texts of [null, 3, {}, "one text, not a list of letters"]) {
      await expect(statesOfTexts(model, texts as unknown as string[]).next()).rejects.toMatchObject({
        kind: "usage",
        message: expect.stringMatching(/^no texts: .*\. give a list of texts$/),
      });
    }
    for (const path of [null, 3, {}]) {
      await expect(readInputs(path as unknown as string)).rejects.toMatchObject({ kind: "usage" });
    }
    await model.close();
  });

  it("have states that are read from a run folder", async () => {
    const layers = [0, 1].map((layer) => ({ layer, x: Float32Array.of(layer, 2) }));
    const states = { batch: 1, n: 2, d: 1, layers, mask: Uint8Array.of(1, 1), special: null, tokens: null };
    await writeHiddenStates(join(folder, "states.safetensors"), [states]);
    await writeFile(join(folder, "manifest.json"), "{}");
    const [read] = await readHiddenStates(folder);
    expect(read.layers).toEqual(layers);
  });
});
