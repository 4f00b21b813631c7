import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeHiddenStates } from "../../models/index.ts";
import { inspectModel, openModel, readHiddenStates } from "../../src/library/models.ts";

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

  it("have states that are read from a run folder", async () => {
    const layers = [0, 1].map((layer) => ({ layer, x: Float32Array.of(layer, 2) }));
    const states = { batch: 1, n: 2, d: 1, layers, mask: Uint8Array.of(1, 1), special: null, tokens: null };
    await writeHiddenStates(join(folder, "states.safetensors"), [states]);
    await writeFile(join(folder, "manifest.json"), "{}");
    const [read] = await readHiddenStates(folder);
    expect(read.layers).toEqual(layers);
  });
});
