import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseModelConfig } from "../../models/model-config.ts";
import { chooseOnnx, filesBeside, filesInFolder, isHubId, referenceKind } from "../../models/model-files.ts";
import { inspectModel } from "../../models/open-model.ts";
import { toyTransformer } from "./toy-transformer.ts";

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
});

describe("config.json", () => {
  it("says layers, heads, width and positions under the names that models use", () => {
    expect(parseModelConfig('{"n_layer": 3, "n_head": 2, "n_embd": 8, "n_positions": 40}', "f")).toEqual({
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

describe("the hub", () => {
  const revision = "0123abc";
  const model = toyTransformer().bytes;
  const config = JSON.stringify({ num_hidden_layers: 2, hidden_size: 8 });
  const requests: string[] = [];
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.url} ${request.headers.authorization ?? ""}`.trim());
      const answers: Record<string, string | Uint8Array> = {
        "/api/models/owner/model/revision/main": JSON.stringify({
          sha: revision,
          siblings: ["config.json", "onnx/model.onnx", "../evil", "README.md"].map((rfilename) => ({ rfilename })),
        }),
        "/api/models/owner/torch/revision/main": JSON.stringify({
          sha: revision,
          siblings: [{ rfilename: "model.safetensors" }],
        }),
        [`/owner/model/resolve/${revision}/config.json`]: config,
        [`/owner/model/resolve/${revision}/onnx/model.onnx`]: model,
      };
      const answer = answers[request.url ?? ""];
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    env = { HF_ENDPOINT: `http://127.0.0.1:${port}/`, HF_HOME: join(folder, "hf"), HF_TOKEN: "secret" };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("gives the files needed, with the token, into the shared cache; then no more is asked", async () => {
    const first = await inspectModel("owner/model", { env });
    expect(first).toMatchObject({ model: "owner/model", layers: 2, hidden_size: 8 });
    expect(requests).toHaveLength(3);
    expect(requests.every((line) => line.endsWith(" Bearer secret"))).toBe(true);
    const snapshot = join(folder, `hf/hub/models--owner--model/snapshots/${revision}`);
    expect(new Uint8Array(await readFile(join(snapshot, "onnx/model.onnx")))).toEqual(model);
    expect(await inspectModel("owner/model", { env: { ...env, HF_HUB_OFFLINE: "1" } })).toEqual(first);
    expect(requests).toHaveLength(3);
  });

  it("says so where its cache cannot be written", async () => {
    const inFile = { ...env, HF_HOME: join(folder, "a/config.json") };
    await expect(inspectModel("owner/model", { env: inFile })).rejects.toMatchObject({
      kind: "disk",
      message: /HF_HOME/,
    });
  });

  it.each([
    ["is not there", "owner/none", {}, /model not found on the hub: owner\/none.*HF_TOKEN/],
    ["has no ONNX file", "owner/torch", {}, /no fp32 ONNX file: owner\/torch.*optimum-cli/],
    ["is asked for offline", "owner/other", { HF_HUB_OFFLINE: "1" }, /not on this machine.*unset HF_HUB_OFFLINE/],
    ["cannot be reached", "owner/other", { HF_ENDPOINT: "http://127.0.0.1:1" }, /cannot be reached.*check the network/],
  ])("failing because a model %s says so and names the remedy", async (_, id, more, message) => {
    await expect(inspectModel(id, { env: { ...env, ...more } })).rejects.toMatchObject({
      kind: "environment",
      message,
    });
  });
});
