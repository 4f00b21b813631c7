import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POINTER_BYTES, refusePointer } from "../../models/arrays/lfs-pointer.ts";
import { openArrays } from "../../models/arrays/open-arrays.ts";
import {
  inspectModel,
  loadTokenizer,
  openCheckpoint,
  openSafetensors,
  readInputs,
  readNpy,
} from "../../models/index.ts";
import { bundledModel } from "../../src/sources/bundled.ts";

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 4200000000\n`;
const said = /git-lfs pointer.*run `git lfs pull`/;
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-lfs-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function pointer(name: string): Promise<string> {
  await writeFile(join(folder, name), POINTER);
  return join(folder, name);
}

describe("a git-lfs pointer in the place of a file", () => {
  it.each<[string, (path: string) => Promise<unknown>]>([
    ["model.onnx", inspectModel],
    ["states.npz", openArrays],
    ["states.npy", openArrays],
    ["states.safetensors", openArrays],
    ["weights.safetensors", openSafetensors],
    ["array.npy", readNpy],
    ["inputs.json", readInputs],
    ["tokenizer.json", () => loadTokenizer(folder, null)],
  ])("is said of %s", async (name, read) => {
    await expect(read(await pointer(name))).rejects.toMatchObject({ kind: "input", message: said });
  });

  it("is said of a checkpoint's config.json and of its weights", async () => {
    const config = await pointer("config.json");
    const weights = await pointer("model.safetensors");
    const opened = () => openCheckpoint({ config, weights }, {});
    await expect(opened()).rejects.toMatchObject({ kind: "input", message: said });
    await copyFile(join(bundledModel(), "config.json"), config);
    await expect(opened()).rejects.toMatchObject({ kind: "input", message: said });
  });

  it("is nothing that is longer than a pointer may be", () => {
    const page = new TextEncoder().encode(POINTER.padEnd(POINTER_BYTES, "x"));
    expect(() => refusePointer(page, "page.txt")).not.toThrow();
    expect(() => refusePointer(page.subarray(0, -1), "page.txt")).toThrow(said);
  });
});
