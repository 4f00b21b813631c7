import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Transfer } from "../../models/hub/client.ts";
import { type HubOptions, hubFiles } from "../../models/hub/files.ts";
import { inspectModel, openModel } from "../../models/open-model.ts";
import { toyTransformer } from "../models/toy-transformer.ts";
import { unpackFixtures } from "../models/unpack-fixtures.ts";
import {
  damaged,
  dropAfter,
  endless,
  gitId,
  ignoreRange,
  type LocalHub,
  sha256,
  silent,
  slowly,
  stallAfter,
  startHub,
  status,
} from "./local-hub.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const OTHER = "89abcdef0123456789abcdef0123456789abcdef";
const onnx = toyTransformer().bytes;
const config = JSON.stringify({ num_hidden_layers: 2, hidden_size: 8 });

let hub: LocalHub;
let home = "";
let env: Record<string, string>;
let waits: number[];
let said: string[];
let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let albert: { readonly config: string; readonly weights: Uint8Array };

beforeAll(async () => {
  fixtures = await unpackFixtures("albert", "bert");
  const read = (name: string) => readFile(join(fixtures.folder, "albert", name));
  albert = { config: (await read("config.json")).toString(), weights: await read("model.safetensors") };
});
afterAll(() => fixtures.remove());

beforeEach(async () => {
  hub = await startHub();
  home = await mkdtemp(join(tmpdir(), "tokensphere-hub-"));
  env = { HF_ENDPOINT: `${hub.endpoint}/`, HF_HOME: home };
  waits = [];
  said = [];
  hub.repositories.set("owner/model", {
    commit: COMMIT,
    files: { "config.json": config, "onnx/model.onnx": onnx, "../evil": "", "README.md": "" },
    large: ["onnx/model.onnx"],
    refs: ["v1", "refs/pr/1"],
  });
  hub.repositories.set("owner/checkpoint", {
    commit: COMMIT,
    files: { "config.json": albert.config, "model.safetensors": albert.weights, "pytorch_model.bin": "" },
    large: ["model.safetensors"],
  });
  return async () => {
    await hub.close();
    await rm(home, { recursive: true, force: true });
  };
});

function files(id: string, options: Partial<HubOptions> = {}) {
  const delay = async (milliseconds: number) => void waits.push(milliseconds);
  return hubFiles(id, { env, dtype: "fp32", patience: { delay }, warn: (message) => said.push(message), ...options });
}
const folderOf = (id: string) => join(home, "hub", `models--${id.replace("/", "--")}`);
const gets = () => hub.asked.filter(({ method }) => method === "GET").map(({ path }) => path.split("/").pop());
const blob = (id: string, bytes: string | Uint8Array) => join(folderOf(id), "blobs", sha256(bytes));

/** What Python's huggingface_hub leaves behind, without our help. */
async function pythonCache(id: string, contents: Readonly<Record<string, string | Uint8Array>>, ref = "main") {
  for (const folder of ["blobs", "refs", `snapshots/${COMMIT}`])
    await mkdir(join(folderOf(id), folder), { recursive: true });
  for (const [path, bytes] of Object.entries(contents)) {
    const name = path.endsWith(".json") ? gitId(bytes) : sha256(bytes);
    await writeFile(join(folderOf(id), "blobs", name), bytes);
    await symlink(`../../blobs/${name}`, join(folderOf(id), "snapshots", COMMIT, path));
  }
  await writeFile(join(folderOf(id), "refs", ref), COMMIT);
}

describe("a model of the hub", () => {
  it("is laid out as huggingface_hub does: blobs by ETag, relative links, refs, absent files", async () => {
    const found = await files("owner/model");
    const snapshot = join(folderOf("owner/model"), "snapshots", COMMIT);
    expect(found).toMatchObject({
      onnx: join(snapshot, "onnx/model.onnx"),
      config: join(snapshot, "config.json"),
      commit: COMMIT,
    });
    expect(await readlink(join(snapshot, "onnx/model.onnx"))).toBe(`../../../blobs/${sha256(onnx)}`);
    expect(await readlink(join(snapshot, "config.json"))).toBe(`../../blobs/${gitId(config)}`);
    expect(new Uint8Array(await readFile(join(snapshot, "onnx/model.onnx")))).toEqual(onnx);
    expect(await readFile(join(folderOf("owner/model"), "refs/main"), "utf8")).toBe(COMMIT);
    expect(existsSync(join(folderOf("owner/model"), ".no_exist", COMMIT, "tokenizer.json"))).toBe(true);
    expect((await readdir(join(folderOf("owner/model"), "blobs"))).sort()).toEqual(
      [gitId(config), sha256(onnx)].sort(),
    );
    expect(said).toEqual([`owner/model: onnx/model.onnx (its fp32 ONNX file), commit ${COMMIT}`]);
  });

  it("is asked for once; then nobody is asked", async () => {
    await files("owner/model");
    const before = hub.asked.length;
    await files("owner/model");
    await files("owner/model", { revision: COMMIT, localFilesOnly: true });
    expect(hub.asked).toHaveLength(before);
  });

  it("is fetched with the token, which goes to the hub alone", async () => {
    await files("owner/model", { env: { ...env, HF_TOKEN: "secret" } });
    expect(hub.asked.some(({ store }) => store)).toBe(true);
    for (const { store, token } of hub.asked) expect(token).toBe(store ? "" : "Bearer secret");
  });

  it("is fetched with the token that a login left under HF_HOME", async () => {
    await writeFile(join(home, "token"), "stored\n");
    await files("owner/model");
    expect(hub.asked[0].token).toBe("Bearer stored");
  });

  it("lies in HF_HUB_CACHE where that is set", async () => {
    const cache = join(home, "elsewhere");
    const found = await files("owner/model", { env: { ...env, HF_HUB_CACHE: cache } });
    expect(found.onnx?.startsWith(join(cache, "models--owner--model"))).toBe(true);
  });

  it("may be named at a branch, a tag or a commit", async () => {
    await files("owner/model", { revision: "v1" });
    await files("owner/model", { revision: "refs/pr/1" });
    expect(await readFile(join(folderOf("owner/model"), "refs/refs/pr/1"), "utf8")).toBe(COMMIT);
    await files("owner/model", { revision: COMMIT });
    expect(existsSync(join(folderOf("owner/model"), "refs", COMMIT))).toBe(false);
    expect(said[0]).toContain("owner/model at v1: ");
  });

  it("that was renamed is found under its old name", async () => {
    hub.repositories.set("old", { commit: COMMIT, files: {}, movedTo: "owner/model" });
    expect((await files("old")).onnx).toContain("models--old");
  });

  it("tells of the bytes as they come", async () => {
    const seen: Transfer[] = [];
    await files("owner/model", { transfer: (transfer) => seen.push(transfer) });
    expect(seen.at(-1)).toEqual({
      model: "owner/model",
      file: "onnx/model.onnx",
      done: onnx.length,
      total: onnx.length,
    });
  });

  it("without ONNX is fetched as a checkpoint, and opens", async () => {
    const delivered: string[] = [];
    const model = await openModel("owner/checkpoint", { env, threads: 1, warn: (message) => delivered.push(message) });
    expect(model.description).toMatchObject({ source: "checkpoint", layers: 6 });
    expect(delivered).toEqual([
      `owner/checkpoint: the checkpoint, model.safetensors (the hub has no fp32 ONNX file), commit ${COMMIT}`,
    ]);
    const ids = { dtype: "int64", shape: [1, 3], data: BigInt64Array.of(2n, 4n, 3n) };
    expect((await model.states({ input_ids: ids })).layers).toHaveLength(7);
    expect(gets()).not.toContain("pytorch_model.bin");
    await model.close();
  });

  it("may keep its checkpoint in 0_Transformer, or name its weights by their precision", async () => {
    const part = { "modules.json": "[]", "0_Transformer/config.json": albert.config };
    hub.repositories.set("owner/sentences", {
      commit: COMMIT,
      files: { ...part, "tokenizer.json": "{}", "0_Transformer/model.safetensors": albert.weights },
    });
    hub.repositories.set("owner/half", {
      commit: COMMIT,
      files: { "config.json": albert.config, "model.fp16.safetensors": albert.weights },
    });
    for (const [id, weights] of [
      ["owner/sentences", "0_Transformer/model.safetensors"],
      ["owner/half", "model.fp16.safetensors"],
    ]) {
      const snapshot = join(folderOf(id), "snapshots", COMMIT);
      expect((await files(id)).checkpoint?.weights).toBe(join(snapshot, weights));
      expect(await inspectModel(id, { env, localFilesOnly: true })).toMatchObject({ source: "checkpoint", layers: 6 });
    }
    expect((await files("owner/sentences")).tokenizer).toBe(join(folderOf("owner/sentences"), "snapshots", COMMIT));
    const before = hub.asked.length;
    await files("owner/sentences");
    expect(hub.asked).toHaveLength(before);
  });

  it("that is an adapter alone is refused with the name of its model, and no weights are fetched", async () => {
    const adapter = '{"base_model_name_or_path":"owner/base"}';
    hub.repositories.set("owner/adapter", {
      commit: COMMIT,
      files: { "adapter_config.json": adapter, "adapter_model.safetensors": "" },
    });
    const message = expect.stringMatching(
      /^an adapter, and no model: owner\/adapter: of owner\/base\. give that model/,
    );
    await expect(files("owner/adapter")).rejects.toMatchObject({ kind: "input", message });
    expect(gets()).not.toContain("adapter_model.safetensors");
  });

  it("in shards is fetched shard by shard, those that the index names", async () => {
    const index = JSON.stringify({ weight_map: { a: "model-1-of-1.safetensors" } });
    hub.repositories.set("owner/sharded", {
      commit: COMMIT,
      files: {
        "config.json": albert.config,
        "model.safetensors.index.json": index,
        "model-1-of-1.safetensors": albert.weights,
        "other.safetensors": "",
      },
      large: ["model-1-of-1.safetensors"],
    });
    expect(await inspectModel("owner/sharded", { env })).toMatchObject({ source: "checkpoint", layers: 6 });
    expect(gets()).not.toContain("other.safetensors");
    await rm(join(folderOf("owner/sharded"), "snapshots", COMMIT, "model-1-of-1.safetensors"));
    await expect(files("owner/sharded", { localFilesOnly: true })).rejects.toThrow(/has not model-1-of-1\.safetensors/);
  });

  it("with both is read from the checkpoint where heads are overridden, from config.json alone for fresh weights", async () => {
    hub.repositories.set("owner/both", {
      commit: COMMIT,
      files: { "config.json": albert.config, "model.safetensors": albert.weights, "onnx/model.onnx": onnx },
      large: ["model.safetensors", "onnx/model.onnx"],
    });
    expect((await files("owner/both", { overrides: { randomInit: 1 } })).checkpoint?.weights).toBeNull();
    expect(gets()).not.toContain("model.safetensors");
    expect((await files("owner/both")).onnx).toMatch(/onnx.model\.onnx$/);
    expect((await files("owner/both", { overrides: { heads: 1 } })).onnx).toBeNull();
    expect(said.map((line) => /\((.*)\)/.exec(line)?.[1])).toEqual([
      "random-init needs the checkpoint",
      "its fp32 ONNX file",
      "heads needs the checkpoint",
    ]);
  });

  it("of which the cache holds the checkpoint alone is read from that: what is there is not fetched again", async () => {
    await pythonCache("owner/checkpoint", { "config.json": albert.config, "model.safetensors": albert.weights });
    expect((await files("owner/checkpoint", { localFilesOnly: true })).onnx).toBeNull();
    expect(said[0]).toContain("the checkpoint, model.safetensors (the cache has no fp32 ONNX file), commit 0123");
  });

  it("with external data is named last, so that a snapshot that has the model has all of it", async () => {
    hub.repositories.set("owner/external", {
      commit: COMMIT,
      files: {
        "onnx/model.onnx": onnx,
        "onnx/model.onnx_data": "a",
        "onnx/model.onnx_data_1": "b",
        "onnx/other_data": "c",
      },
    });
    await files("owner/external");
    expect(gets().slice(1)).toEqual(["model.onnx_data", "model.onnx_data_1", "model.onnx"]);
  });
});

describe("a transfer", () => {
  it("that drops is taken up where it ended, after a wait that grows", async () => {
    hub.misbehave("model.onnx", dropAfter(1000), dropAfter(0), dropAfter(0), ignoreRange);
    await files("owner/model");
    expect(hub.asked.filter(({ store }) => store).map(({ range }) => range)).toEqual([
      "",
      ...Array(3).fill("bytes=1000-"),
    ]);
    expect(waits).toEqual([500, 1000, 2000]);
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
  });

  it("given up leaves what came; the next fetches only the rest", async () => {
    hub.misbehave("model.onnx", dropAfter(1000), ...Array.from({ length: 4 }, () => dropAfter(0)));
    await expect(files("owner/model")).rejects.toMatchObject({
      kind: "environment",
      message: /the transfer of onnx\/model\.onnx broke off again and again\. check the network and try again/,
    });
    expect((await readFile(`${blob("owner/model", onnx)}.incomplete`)).length).toBe(1000);
    expect(existsSync(join(folderOf("owner/model"), "refs/main"))).toBe(false);
    const before = hub.asked.length;
    await files("owner/model");
    expect(hub.asked.slice(before).flatMap(({ store, range }) => (store ? range : []))).toEqual(["bytes=1000-"]);
    expect(existsSync(`${blob("owner/model", onnx)}.incomplete`)).toBe(false);
  });

  it("leaves nothing of a try that was killed between a whole file and its name", async () => {
    const { onnx: path } = await files("owner/model");
    const names = await readdir(folderOf("owner/model"), { recursive: true });
    await rm(path!);
    await writeFile(`${path}.part`, "");
    await writeFile(`${blob("owner/model", onnx)}.incomplete`, "abc");
    await writeFile(join(folderOf("owner/model"), "refs/main.part"), "0123");
    await files("owner/model");
    expect((await readdir(folderOf("owner/model"), { recursive: true })).sort()).toEqual(names.sort());
  });

  it("begun by something else starts anew when its hash is wrong", async () => {
    await mkdir(join(folderOf("owner/model"), "blobs"), { recursive: true });
    await writeFile(`${blob("owner/model", onnx)}.incomplete`, "something else");
    await files("owner/model");
    expect(hub.asked.filter(({ store }) => store).map(({ range }) => range)).toEqual(["bytes=14-", ""]);
  });

  it("begun by more than there is starts anew", async () => {
    await mkdir(join(folderOf("owner/model"), "blobs"), { recursive: true });
    await writeFile(`${blob("owner/model", onnx)}.incomplete`, new Uint8Array(onnx.length + 1));
    await files("owner/model");
    expect(hub.asked.filter(({ store }) => store).map(({ range }) => range)).toEqual([""]);
  });

  it("that an earlier try left whole is not asked for again", async () => {
    await mkdir(join(folderOf("owner/model"), "blobs"), { recursive: true });
    await writeFile(`${blob("owner/model", onnx)}.incomplete`, onnx);
    await files("owner/model");
    expect(hub.asked.filter(({ store }) => store)).toEqual([]);
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
  });

  it("of wrong bytes is refused and leaves nothing", async () => {
    hub.misbehave("model.onnx", damaged);
    await expect(files("owner/model")).rejects.toMatchObject({
      kind: "environment",
      message: new RegExp(
        `wrong bytes fetched: .*model\\.onnx has sha256 \\w{64}, the hub says ${sha256(onnx)}\\. they are removed`,
      ),
    });
    expect(await readdir(join(folderOf("owner/model"), "blobs"))).toEqual([gitId(config)]);
  });

  it("without a stated size is fetched, and given up above a limit with nothing left", async () => {
    hub.repositories.set("owner/model", { ...hub.repositories.get("owner/model")!, unstated: true });
    const delay = async () => {};
    hub.misbehave("model.onnx", endless("x".repeat(1e6), 0));
    await expect(files("owner/model", { patience: { delay, unstated: 3e6 } })).rejects.toMatchObject({
      kind: "environment",
      message: /model\.onnx has no stated size and passes 3000000 bytes\. what came of it is removed: fetch it by hand/,
    });
    expect(await readdir(join(folderOf("owner/model"), "blobs"))).toEqual([gitId(config)]);
    await files("owner/model");
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
  });

  it("of more than was said is broken off before that is kept", async () => {
    hub.misbehave("model.onnx", ...new Array(5).fill(endless("x".repeat(1e6), 0)));
    await expect(files("owner/model")).rejects.toMatchObject({ message: /broke off again and again/ });
    expect(await readdir(join(folderOf("owner/model"), "blobs"))).not.toContain(sha256(onnx));
  });

  it("that stalls, before an answer or within it, is tried again", async () => {
    hub.misbehave("revision/main", silent);
    hub.misbehave("model.onnx", stallAfter(1000));
    const delay = async (milliseconds: number) => void waits.push(milliseconds);
    await files("owner/model", { patience: { delay, stall: 300 } });
    expect(waits).toEqual([500, 500]);
    expect(hub.asked.filter(({ store }) => store).map(({ range }) => range)).toEqual(["", "bytes=1000-"]);
  });

  it("waits as long as a busy hub asks", async () => {
    const later = new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString();
    const now = new Date(Date.UTC(2026, 0, 1)).toUTCString();
    hub.misbehave(
      "revision/main",
      status(429, { "Retry-After": "7" }),
      status(503),
      status(429, { "Retry-After": later, Date: now }),
    );
    hub.misbehave("model.onnx", status(500));
    await files("owner/model");
    expect(waits).toEqual([7000, 1000, 9000, 500]);
  });

  it("is given up where a busy hub asks for more patience than that", async () => {
    hub.misbehave("revision/main", status(429, { "Retry-After": "3600" }));
    await expect(files("owner/model")).rejects.toThrow(/too many requests \(429\), and asks to wait 3600 s/);
    expect(waits).toEqual([]);
  });

  it("may go on several times at once, in other processes too: all write the same bytes to the same places", async () => {
    hub.misbehave("model.onnx", slowly, slowly, slowly);
    const first = files("owner/model");
    await expect.poll(() => existsSync(`${blob("owner/model", onnx)}.incomplete`), { interval: 5 }).toBe(true);
    const seen = await Promise.all([first, files("owner/model"), inspectModel("owner/model", { env })]);
    expect(seen[0]).toEqual(seen[1]);
    expect(hub.asked.filter(({ store, range }) => store && range).length).toBeGreaterThan(0);
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
    const names = await readdir(join(folderOf("owner/model"), "blobs"));
    expect(names.sort()).toEqual([gitId(config), sha256(onnx)].sort());
  });
});

describe("many at once", () => {
  it.each([1, 2, 3, 4, 5])("whose connections drop leave one whole file and nothing else, round %i", async (round) => {
    hub.misbehave("model.onnx", ...[1, 2, 3].map((k) => dropAfter(500 * k * round)), slowly);
    const delay = () => new Promise<void>((resolve) => setTimeout(resolve, round));
    const found = await Promise.all(Array.from({ length: 6 }, () => files("owner/model", { patience: { delay } })));
    expect(new Set(found.map(({ onnx: path }) => path)).size).toBe(1);
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
    const names = (await readdir(folderOf("owner/model"), { recursive: true })).map((path) => basename(path));
    expect(names.filter((name) => /incomplete|-/.test(name))).toEqual([]);
  });
});

describe("a cache", () => {
  it("that Python's huggingface_hub wrote is read without the network", async () => {
    await pythonCache("owner/checkpoint", { "config.json": albert.config, "model.safetensors": albert.weights });
    expect(await inspectModel("owner/checkpoint", { env: { ...env, HF_HUB_OFFLINE: "1" } })).toMatchObject({
      layers: 6,
    });
    expect(await inspectModel("owner/checkpoint", { env, localFilesOnly: true })).toMatchObject({ layers: 6 });
    expect(hub.asked).toEqual([]);
  });

  it("is used where the hub cannot tell whether there is more, and that is said", async () => {
    await pythonCache("owner/gone", { "config.json": albert.config, "model.safetensors": albert.weights });
    expect(
      (await files("owner/gone", { env: { ...env, HF_ENDPOINT: "http://127.0.0.1:1" } })).checkpoint?.weights,
    ).toMatch(/safetensors$/);
    expect(said[0]).toBe("model not fetched: owner/gone: the hub cannot be reached: the files in the cache are used");
  });

  it("with a part of a snapshot is completed", async () => {
    await pythonCache("owner/checkpoint", { "config.json": albert.config });
    await files("owner/checkpoint");
    expect(gets()).toEqual(["main", "model.safetensors", "model.safetensors"]); // the second is the link's target
  });

  it("whose blob is gone is mended", async () => {
    await files("owner/model");
    await rm(blob("owner/model", onnx));
    await files("owner/model");
    expect(new Uint8Array(await readFile(blob("owner/model", onnx)))).toEqual(onnx);
  });

  it("whose bytes were damaged since is caught", async () => {
    await pythonCache("owner/checkpoint", { "config.json": albert.config, "model.safetensors": albert.weights });
    const wrong = Uint8Array.from(albert.weights);
    wrong[wrong.length - 5] ^= 1;
    await writeFile(blob("owner/checkpoint", albert.weights), wrong);
    await expect(inspectModel("owner/checkpoint", { env, localFilesOnly: true })).rejects.toMatchObject({
      kind: "input",
      message: /damaged file in the cache: .*model\.safetensors.*remove .*blobs.* and fetch it again/,
    });
  });

  it("whose weights outside the ONNX file were damaged since is caught", async () => {
    const read = (name: string) => readFile(join(fixtures.folder, "bert", name));
    const [graph, weights] = [await read("model_extdata.onnx"), await read("model_extdata.onnx_data")];
    const cached = {
      "config.json": await read("config.json"),
      "model.onnx": graph,
      "model_extdata.onnx_data": weights,
    };
    await pythonCache("owner/outside", cached);
    const opened = () => inspectModel("owner/outside", { env, localFilesOnly: true });
    expect((await opened()).files.map(({ name }) => name)).toEqual(["model.onnx", "model_extdata.onnx_data"]);
    const wrong = Uint8Array.from(weights);
    wrong[1000] ^= 1;
    await writeFile(blob("owner/outside", weights), wrong);
    await expect(opened()).rejects.toMatchObject({
      kind: "input",
      message: /damaged file in the cache: .*model_extdata\.onnx_data: its bytes are not those the hub gave/,
    });
  });

  it("without the model says, offline, what it has not and how to get it", async () => {
    const refused = (options: Partial<HubOptions>) =>
      files("owner/model", options).catch((error: Error) => error.message);
    expect(await refused({ env: { ...env, HF_HUB_OFFLINE: "1" } })).toBe(
      `model not on this machine: owner/model: ${home}/hub has not revision main. unset HF_HUB_OFFLINE once to fetch it, or give a folder`,
    );
    expect(await refused({ localFilesOnly: true, revision: "v1" })).toMatch(
      /owner\/model at v1.* leave out `localFilesOnly` once/,
    );
    await pythonCache("owner/model", { "config.json": config });
    expect(await refused({ localFilesOnly: true })).toMatch(
      /has not an ONNX file of fp32 or model\.safetensors\. leave out/,
    );
    expect(hub.asked).toEqual([]);
  });

  it("that cannot be written is a failure of the disk", async () => {
    await writeFile(join(home, "file"), "");
    const inFile = { ...env, HF_HOME: join(home, "file") };
    await expect(files("owner/model", { env: inFile })).rejects.toMatchObject({ kind: "disk", message: /HF_HOME/ });
  });
});

describe("failing, the hub part says what and how to mend it:", () => {
  const gated = status(403, { "X-Error-Code": "GatedRepo" });
  it.each([
    [
      "not found",
      "owner/none",
      [],
      {},
      /not found on the hub, or private: owner\/none\. check the name, or set HF_TOKEN/,
    ],
    [
      "a plain 404",
      "owner/model",
      [status(404)],
      {},
      /model not found on the hub: owner\/model\. check the name.*HF_TOKEN/,
    ],
    [
      "gated",
      "owner/model",
      [gated],
      {},
      /model is gated.*accept its terms at http.*\/owner\/model, then set HF_TOKEN/,
    ],
    ["token refused", "owner/model", [status(401)], { HF_TOKEN: "old" }, /the hub refused the token.*set HF_TOKEN/],
    ["out of reach", "owner/model", [], { HF_ENDPOINT: "http://127.0.0.1:1" }, /cannot be reached\. check the network/],
    ["no hub", "owner/model", [status(200)], {}, /did not answer as a model hub does/],
  ] as const)("%s", async (_, id, answers, more, message) => {
    hub.misbehave("revision/main", ...answers);
    await expect(files(id, { env: { ...env, ...more } })).rejects.toMatchObject({ kind: "environment", message });
    expect(waits).toEqual([]);
  });

  it.each([
    ["longer than any", endless("x".repeat(1e6), 0), /its list of files did not come: more than 32000000 bytes\./],
    ["byte after byte", endless("x", 5), /its list of files did not come: it took longer than/],
  ])("a list of files that never ends: %s", async (_, answer, message) => {
    hub.misbehave("revision/main", ...new Array(5).fill(answer));
    const patience = { delay: async () => {}, stall: 100 };
    await expect(files("owner/model", { patience })).rejects.toMatchObject({ kind: "environment", message });
  });

  it("a revision that is not there", async () => {
    await expect(files("owner/model", { revision: OTHER })).rejects.toThrow(
      `revision not found on the hub: owner/model at ${OTHER}. check the branch, tag or commit`,
    );
  });

  it.each([
    [
      "other weights only",
      { "config.json": "{}", "pytorch_model.bin": "" },
      {},
      /no fp32 ONNX file and no checkpoint .*it holds pytorch_model\.bin\. `optimum-cli export onnx --model owner\/odd OUT`/,
    ],
    [
      "another precision",
      { "onnx/model_fp16.onnx": "", "onnx/model_q4.onnx": "" },
      {},
      /no fp32 ONNX file: owner\/odd\. it holds onnx\/model_fp16\.onnx/,
    ],
    [
      "no such precision",
      { "config.json": "{}", "model.safetensors": "" },
      { dtype: "q8" },
      /no q8 ONNX file: owner\/odd.*leave out `dtype`/,
    ],
    [
      "heads of an export",
      { "config.json": "{}", "onnx/model.onnx": "" },
      { overrides: { heads: 1 } },
      /heads needs config\.json and model\.safetensors/,
    ],
    [
      "an unknown architecture",
      { "config.json": '{"model_type": "mamba"}', "model.safetensors": "" },
      {},
      /cannot build mamba from a checkpoint: owner\/odd.*optimum-cli export onnx/,
    ],
    [
      "blocks of their own",
      {
        "config.json":
          '{"model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 8, "vocab_size": 9, "n_positions": 9}',
        "model.safetensors": "",
      },
      { overrides: { depth: 9 } },
      /depth 9: gpt2 has weights of its own/,
    ],
  ] as const)("a repository that cannot be used: %s", async (_, contents, options, message) => {
    hub.repositories.set("owner/odd", { commit: COMMIT, files: contents });
    await expect(files("owner/odd", options)).rejects.toMatchObject({ kind: "input", message });
    expect(gets().filter((name) => name?.endsWith("safetensors"))).toEqual([]);
  });

  it.each(["../evil", "a/../b", "..", "a/b/c", "a--b/c"])("an id that leaves its folder: %s", async (id) => {
    await expect(files(id)).rejects.toMatchObject({ kind: "input", message: /no model of the hub/ });
  });

  it.each(["../main", "a/../b", "/etc", "a//b", "-x", "a b", ""])(
    "a revision that leaves its folder: %j",
    async (revision) => {
      await expect(files("owner/model", { revision })).rejects.toMatchObject({ kind: "usage", message: /revision: / });
    },
  );

  it.each(["../../../evil", "", "."])("a server whose ETag is no name of a file: %j", async (etag) => {
    hub.repositories.set("owner/evil", { commit: COMMIT, files: { "model.onnx": onnx }, etag });
    await expect(files("owner/evil")).rejects.toMatchObject({ kind: "environment", message: /as a model hub does/ });
    expect(existsSync(join(home, "evil"))).toBe(false);
  });
});
