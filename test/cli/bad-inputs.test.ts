import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeToyTokenizer } from "../models/toy-tokenizer.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { runCli } from "./run-cli.ts";

const PHOTO = fileURLToPath(new URL("../fixtures/images/photo.png", import.meta.url));
const pixels = JSON.parse(
  readFileSync(fileURLToPath(new URL("../fixtures/images/pixels.json", import.meta.url)), "utf8"),
);

let fixtures: ModelFixtures;
const place = (name: string) => join(fixtures.cwd, name);
const write = (name: string, content: string | Uint8Array) => writeFileSync(place(name), content);

/** A folder of files, most of them a fixture's. */
function folder(name: string, model: string, files: readonly string[], more: Readonly<Record<string, string>>): void {
  mkdirSync(place(name));
  for (const file of files) write(`${name}/${file}`, readFileSync(join(fixtures.folder(model), file)));
  for (const [file, content] of Object.entries(more)) write(`${name}/${file}`, content);
}

beforeAll(async () => {
  fixtures = await modelFixtures("bert", "vit");
  write("file", "");
  symlinkSync(place("loop"), place("loop"));
  symlinkSync(place("loop.npy"), place("loop.npy"));
  symlinkSync(place("nowhere"), place("dangling.npz"));
  mkdirSync(place("folder.npy"));
  const data = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
  write("deep.json", `{"input_ids":{"dtype":"int64","shape":[1,1],"data":${data}}}`);

  folder("bert", "bert", ["model.onnx", "config.json"], {});
  await writeToyTokenizer(place("bert"));
  const whole = JSON.parse(readFileSync(place("bert/tokenizer.json"), "utf8"));
  const tokenizer = (vocab: object) => JSON.stringify({ ...whole, model: { ...whole.model, vocab } });
  const tokenizers = { without: { a: 0, the: 1 }, fraction: { ...whole.model.vocab, a: 1.5 } };
  for (const [name, vocab] of Object.entries(tokenizers)) {
    const config = readFileSync(place("bert/tokenizer_config.json"), "utf8");
    const more = { "tokenizer.json": tokenizer(vocab), "tokenizer_config.json": config };
    folder(name, "bert", ["model.onnx", "config.json"], more);
  }

  const settings = pixels.configs.vit;
  const processors = {
    sizeless: { ...settings, size: {} },
    backwards: { ...settings, size: { height: -1, width: 3 } },
    vast: { ...settings, size: { height: 1e5, width: 1e5 } },
    unnamed: { ...settings, resample: 9 },
  };
  for (const [name, processor] of Object.entries(processors)) {
    const more = { "preprocessor_config.json": JSON.stringify(processor) };
    folder(name, "vit", ["config.json", "model.onnx"], more);
  }
  const config = `\ufeff${readFileSync(join(fixtures.folder("vit"), "config.json"), "utf8")}`;
  const marked = { "config.json": config, "preprocessor_config.json": JSON.stringify(settings) };
  folder("marked", "vit", ["model.onnx"], marked);
});
afterAll(() => fixtures.remove());

const TEXT = ["--text", "a token and the sphere"];

/** What is given, and what the line on stderr says; a name that begins with @ is a path of this world. */
const TABLE: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ["a link to itself as model", ["probe", "@loop", ...TEXT], /no such file or folder: .*loop/],
  ["a link to itself, compared", ["compare", "@loop", ...TEXT], /no such file or folder: .*loop/],
  ["a link to itself, its updates measured", ["updates", "@loop", ...TEXT], /no such file or folder: .*loop/],
  ["a path through a file", ["compare", "@file/below", ...TEXT], /no such file or folder: .*below/],
  ["a path through a file, of states", ["probe", "@file/below.safetensors"], /no such file or folder: .*below/],
  ["a name that is too long", ["updates", `@${"x".repeat(300)}`, ...TEXT], /no such file or folder/],
  ["a byte that no path has", ["probe", "@a\0b", ...TEXT], /no such file or folder/],
  ["a link to itself in the place of states", ["probe", "@loop.npy"], /no such run or file: .*loop\.npy/],
  ["a link to nothing in the place of states", ["compare", "@dangling.npz"], /no such run or file: .*dangling/],
  ["a folder under the name of states", ["probe", "@folder.npy"], /folder\.npy/],
  [
    "brackets without end as inputs",
    ["probe", "@bert", "--inputs", "@deep.json"],
    /input_ids holds lists more than 64/,
  ],
  [
    "a vocabulary without what is not known",
    ["probe", "@without", ...TEXT],
    /cannot encode the text: it gives undefined/,
  ],
  ["an id that is no whole number", ["probe", "@fraction", ...TEXT], /cannot encode the text: it gives 1\.5/],
  ["a processor without a size", ["probe", "@sizeless", "--image", PHOTO], /preprocessor_config\.json cannot be used/],
  ["a processor of negative size", ["probe", "@backwards", "--image", PHOTO], /an image of 3 × -1 pixels/],
  ["a processor of vast size", ["probe", "@vast", "--image", PHOTO], /size of 100000 pixels a side/],
  ["a processor's unknown resampling", ["probe", "@unnamed", "--image", PHOTO], /resample 9 is not known/],
];

describe("an input that cannot be used", () => {
  it.each(TABLE)("%s ends with exit code 3 and one line", async (_, args, says) => {
    const given = args.map((word) => (word.startsWith("@") ? place(word.slice(1)) : word));
    const { code, out, failed } = await runCli(given, { cwd: fixtures.cwd, env: { HF_HUB_OFFLINE: "1" } });
    expect({ code, out }).toEqual({ code: 3, out: [] });
    expect(failed).toEqual([expect.stringMatching(says)]);
    expect(failed[0]).toMatch(/^error: [^\n]*$/);
  });

  it("may be one that can: config.json with a byte order mark beside an image", async () => {
    const given = ["probe", place("marked"), "--image", PHOTO, "--json"];
    expect(await runCli(given, { cwd: fixtures.cwd })).toMatchObject({ code: 0, failed: [] });
  });
});
