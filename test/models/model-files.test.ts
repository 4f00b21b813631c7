import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseModelConfig } from "../../models/files/model-config.ts";
import { chooseOnnx, filesBeside, filesInFolder, isHubId, referenceKind } from "../../models/files/model-files.ts";
import { inspectModel } from "../../models/open-model.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
  await mkdir(join(folder, "a/onnx"), { recursive: true });
  for (const name of [
    "a/config.json",
    "a/tokenizer.json",
    "a/onnx/model.onnx",
    "a/onnx/model_fp16.onnx",
    "a/model.onnx",
  ]) {
    await writeFile(join(folder, name), "{}");
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("a reference", () => {
  it("is what exists under that name, else a hub id", async () => {
    expect(await referenceKind(folder)).toBe("folder");
    expect(await referenceKind(join(folder, "a/model.onnx"))).toBe("file");
    expect(await referenceKind("owner/name-2.0_b")).toBe("hub");
    expect(await referenceKind("gpt2")).toBe("hub");
  });

  it.each([
    "model.onnx",
    "a/model.onnx",
    "./a",
    "../a/b",
    "a/../b",
    "/no/such",
    "a/b/c",
    "a/b.safetensors",
    "a b",
    "a/..",
    "a..b/c",
  ])("that is a path and does not exist is refused: %s", async (reference) => {
    expect(isHubId(reference)).toBe(false);
    await expect(referenceKind(reference)).rejects.toMatchObject({ kind: "input", message: /no such file or folder/ });
  });

  it("that is empty is a usage error", async () => {
    await expect(referenceKind("")).rejects.toMatchObject({ kind: "usage" });
  });
});

describe("the files of a model", () => {
  it("are looked for in onnx/ first, by precision", async () => {
    const home = join(folder, "a");
    expect(await filesInFolder(home, "fp32")).toEqual({
      onnx: join(home, "onnx/model.onnx"),
      checkpoint: { config: join(home, "config.json"), weights: null },
      config: join(home, "config.json"),
      tokenizer: home,
    });
    expect((await filesInFolder(home, "fp16")).onnx).toBe(join(home, "onnx/model_fp16.onnx"));
    await expect(filesInFolder(home, "q8")).rejects.toMatchObject({
      kind: "input",
      message: /no q8 ONNX file.*model_fp16/,
    });
  });

  it("of a file in onnx/ lie in the folder above", async () => {
    const home = join(folder, "a");
    const beside = await filesBeside(join(home, "onnx/model_fp16.onnx"));
    expect(beside).toEqual({
      onnx: join(home, "onnx/model_fp16.onnx"),
      checkpoint: { config: join(home, "config.json"), weights: null },
      config: join(home, "config.json"),
      tokenizer: home,
    });
  });

  it("may be one file under any name", () => {
    expect(chooseOnnx(["encoder.onnx"], "fp32")).toBe("encoder.onnx");
    expect(chooseOnnx(["encoder.onnx", "decoder.onnx"], "fp32")).toBeNull();
    expect(chooseOnnx(["encoder.onnx"], "q8")).toBeNull();
  });

  it("that hold no model are refused", async () => {
    await writeFile(join(folder, "empty.onnx"), "");
    await writeFile(join(folder, "lfs.onnx"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\n");
    await writeFile(join(folder, "text.onnx"), "hello");
    const refusal = async (name: string) => inspectModel(join(folder, name)).catch((error: unknown) => error);
    expect(await refusal("empty.onnx")).toMatchObject({ kind: "input", message: /the file is empty/ });
    expect(await refusal("lfs.onnx")).toMatchObject({ kind: "input", message: /git-lfs pointer. run `git lfs pull`/ });
    expect(await refusal("text.onnx")).toMatchObject({ kind: "input", message: /not a readable ONNX file/ });
  });

  const header = '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}';
  it.each<[string, string, RegExp]>([
    ["a web page", "\n<!DOCTYPE html><html></html>", /: a web page\. fetch the file itself/],
    ["a server's answer", '{"error":"Repository not found"}', /: JSON, .*\. fetch the model's file itself/],
    ["safetensors", `${String.fromCharCode(header.length)}\0\0\0\0\0\0\0${header}`, /: a safetensors file .*rename it/],
    ["PyTorch's zip", "PK\u0003\u0004\0\0\0archive/data.pkl", /: weights saved by PyTorch\. export/],
    ["PyTorch's older pickle", "\u0080\u0002\u008a\nl", /: a Python pickle, .*\. export/],
    ["a zip of something else", "PK\u0003\u0004\0\0\0readme.txt", /: a zip archive\. unpack it/],
    ["a NumPy array", "\u0093NUMPY\u0001\0", /: a NumPy array\. states go to fit or probe/],
    ["gzip", "\u001f\u008b\u0008", /: compressed by gzip\. unpack it/],
    ["ONNX without nodes", "\u0008\u0008", /: an ONNX file without a graph .*\. export the model again/],
    [
      "a cut file",
      "\u0008\u0008\u003a\u007f\u0000",
      /: not a readable ONNX file: malformed or truncated .*fetch it again/,
    ],
  ])("that are something else under the name of a model say so: %s", async (_, text, message) => {
    const path = join(folder, "other.onnx");
    await writeFile(path, text, "latin1");
    await expect(inspectModel(path)).rejects.toMatchObject({ kind: "input", message: expect.stringMatching(message) });
  });
});

describe("config.json", () => {
  it("says layers, heads, width and positions under the names that models use", () => {
    expect(parseModelConfig('{"n_layer": 3, "n_head": 2, "n_embd": 8, "n_positions": 40}', "f")).toEqual({
      type: null,
      layers: 3,
      heads: 2,
      hiddenSize: 8,
      positions: 40,
    });
  });

  it("counts the positions that padding takes, and no limit where they are relative", () => {
    expect(
      parseModelConfig('{"model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1}', "f").positions,
    ).toBe(512);
    expect(parseModelConfig('{"model_type": "t5", "n_positions": 512}', "f").positions).toBeNull();
  });

  it("that is no JSON is refused", () => {
    expect(() => parseModelConfig("{", "config.json")).toThrow(/config cannot be used: config.json/);
  });
});

describe("a folder of another make", () => {
  const made = async (files: Readonly<Record<string, string>>) => {
    const home = await mkdtemp(join(tmpdir(), "tokensphere-folder-"));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(home, name)), { recursive: true });
      await writeFile(join(home, name), text);
    }
    return home;
  };

  it("is found: sentence-transformers' 0_Transformer, weights named by their precision", async () => {
    const part = await made({
      "0_Transformer/config.json": "{}",
      "0_Transformer/model.safetensors": "",
      "modules.json": "[]",
    });
    const { checkpoint } = await filesInFolder(part, "fp32");
    expect(checkpoint?.weights).toBe(join(part, "0_Transformer/model.safetensors"));
    const half = await made({ "config.json": "{}", "model.fp16.safetensors": "" });
    expect((await filesInFolder(half, "fp32")).checkpoint?.weights).toBe(join(half, "model.fp16.safetensors"));
    for (const home of [part, half]) await rm(home, { recursive: true });
  });

  it("that holds an adapter alone is refused with the name of its model", async () => {
    const home = await made({
      "adapter_config.json": '{"base_model_name_or_path":"owner/base"}',
      "adapter_model.safetensors": "",
    });
    const message = expect.stringMatching(/^an adapter, and no model: .*: of owner\/base\. give that model/);
    await expect(filesInFolder(home, "fp32")).rejects.toMatchObject({ kind: "input", message });
    await rm(home, { recursive: true });
  });
});
