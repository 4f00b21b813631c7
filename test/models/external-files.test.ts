import { mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hashFile } from "../../models/arrays/hash-file.ts";
import { readInputs } from "../../models/inputs/raw-inputs.ts";
import { externalWeights } from "../../models/onnx/external-files.ts";
import { loadModelFile } from "../../models/onnx/load-model-file.ts";
import { openSession } from "../../models/onnx/session.ts";
import { openModel } from "../../models/open-model.ts";
import { unpackFixtures } from "./unpack-fixtures.ts";

const DATA = "model_extdata.onnx_data";
let fixtures: Awaited<ReturnType<typeof unpackFixtures>>;
let home = "";
beforeAll(async () => {
  fixtures = await unpackFixtures("bert");
});
afterAll(() => fixtures.remove());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "tokensphere-external-"));
  await mkdir(join(home, "model"));
  for (const name of ["model_extdata.onnx", DATA]) await copy(name, name);
});
afterEach(() => rm(home, { recursive: true }));

const copy = async (from: string, to: string) =>
  writeFile(join(home, "model", to), await readFile(join(fixtures.folder, "bert", from)));
const model = () => join(home, "model", "model_extdata.onnx");

/** The model with another path for its weights: it has the same length, or the messages around it would not fit. */
async function pointTo(path: string): Promise<void> {
  expect(path).toHaveLength(DATA.length);
  const bytes = (await readFile(model())).toString("latin1").replaceAll(DATA, path);
  await writeFile(model(), Buffer.from(bytes, "latin1"));
}

const refused = (message: RegExp) => expect(openModel(model())).rejects.toMatchObject({ kind: "input", message });

describe("weights beside a model", () => {
  it("are hashed with it, and give Hugging Face's states", async () => {
    const open = await openModel(model());
    const data = await hashFile(join(home, "model", DATA));
    expect(open.description.files.map(({ name }) => name)).toEqual(["model_extdata.onnx", DATA]);
    expect(open.description.files[1].sha256).toBe(data.sha256);
    const states = await open.states(await readInputs(join(fixtures.folder, "bert/inputs.json")));
    expect(states.layers).toHaveLength(4);
    await open.close();
  });

  it("may lie where a link leads, if the model does too: a download cache links both to its blobs", async () => {
    await mkdir(join(home, "blobs"));
    for (const name of ["model_extdata.onnx", DATA]) {
      await rename(join(home, "model", name), join(home, "blobs", name));
      await symlink(join("..", "blobs", name), join(home, "model", name));
    }
    await expect(openModel(model())).resolves.toBeDefined();
    // The runtime finds no file under the name that the model gives it: however large, it is read.
    const { graph } = await loadModelFile(model());
    expect(Object.keys(await externalWeights(graph, model(), 0))).toEqual(["externalData"]);
  });

  it("are mapped where they lie if they are large, and give the same states", async () => {
    const { graph, bytes } = await loadModelFile(model());
    const inputs = await readInputs(join(fixtures.folder, "bert/inputs.json"));
    const run = async (most?: number) => {
      const options = await externalWeights(graph, model(), most);
      const session = await openSession(bytes, { threads: 1, ...options });
      const { last_hidden_state: last } = await session.run(inputs, ["last_hidden_state"]);
      await session.close();
      return { options, x: last.data as Float32Array };
    };
    const [read, mapped] = [await run(), await run(0)];
    expect(read.options.externalData).toHaveLength(1);
    expect(mapped.options).toEqual({ externalFolder: await realpath(join(home, "model")) });
    // Weights that are not packed beforehand may be summed in another order: some ulp of 4.
    const apart = mapped.x.map((value, i) => Math.abs(value - read.x[i]));
    expect(Math.max(...apart)).toBeLessThan(4e-6);
  });

  it.each([
    ["above the folder", "../../model.onnx_data/x"],
    ["above it by a detour", "a/b/../../../model.data"],
    ["at an absolute path", "/etc/hostname/..///////"],
    ["at a path with a zero in it", "model_extdata\0onnx_data"],
    ["above it, as Windows writes it", "..\\..\\model.onnx_datax."],
  ])("are refused %s", async (_, path) => {
    await pointTo(path);
    await refused(/^weights outside the model's folder: /);
  });

  it("are refused behind a link that leaves the folder", async () => {
    await rename(join(home, "model", DATA), join(home, DATA));
    await symlink(join(home, DATA), join(home, "model", DATA));
    await refused(/^weights outside the model's folder: /);
  });

  it("are refused within a folder that is a link out of it", async () => {
    await mkdir(join(home, "other"));
    await rename(join(home, "model", DATA), join(home, "other", "weights_of_model.data"));
    await symlink(join(home, "other"), join(home, "model", "m"));
    await pointTo("m/weights_of_model.data");
    await refused(/^weights outside the model's folder: m\/weights_of_model\.data/);
  });

  it("are refused where they are a folder", async () => {
    await rm(join(home, "model", DATA));
    await mkdir(join(home, "model", DATA));
    await refused(/^weights outside the model's folder: /);
  });

  it("are refused where they are missing", async () => {
    await rm(join(home, "model", DATA));
    await refused(/^the model's weights are missing: .*model_extdata\.onnx_data\. put that file beside the model$/);
  });

  it("are refused where they end too early, before anything is run", async () => {
    await truncate(join(home, "model", DATA), 1000);
    await refused(/^the model's weights are truncated: model_extdata\.onnx_data ends before /);
    await writeFile(join(home, "model", DATA), `version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n`);
    await refused(/^a git-lfs pointer in the place of the file: .*model_extdata\.onnx_data\. run `git lfs pull`/);
  });
});
