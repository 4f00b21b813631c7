import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openModel } from "../../models/open-model.ts";
import type { MetricRow } from "../../src/run/metrics.ts";
import { readRun } from "../../src/run/read-run.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { jsonOf, runCli } from "./run-cli.ts";

interface Pixels {
  readonly shape: readonly number[];
  readonly configs: Readonly<Record<string, object>>;
  readonly cases: readonly { readonly model: string; readonly image: string; readonly data: readonly number[] }[];
}

const image = (name: string) => fileURLToPath(new URL(`../fixtures/images/${name}`, import.meta.url));
const pixels = JSON.parse(readFileSync(image("pixels.json"), "utf8")) as Pixels;

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("vit", "deit", "dinov2", "bert");
  for (const [model, config] of Object.entries(pixels.configs)) {
    writeFileSync(join(fixtures.folder(model), "preprocessor_config.json"), JSON.stringify(config));
  }
  writeFileSync(join(fixtures.cwd, "words.png"), "no image");
  writeFileSync(join(fixtures.cwd, "bomb.png"), pngOf(30_000, 20_000));
  writeFileSync(join(fixtures.cwd, "ribbon.png"), await ribbon());
});
afterAll(() => fixtures.remove());

/** A PNG that says it has so many pixels, and has none. */
function pngOf(width: number, height: number): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const chunk = (kind: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", new Uint8Array(8)),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** A real image, wide and flat. */
function ribbon(): Promise<Uint8Array> {
  return sharp({ create: { width: 20_000, height: 10, channels: 3, background: "grey" } })
    .png()
    .toBuffer();
}

function probe(model: string, ...more: readonly string[]) {
  return runCli(["probe", fixtures.folder(model), ...more], { cwd: fixtures.cwd });
}

describe("an image file", () => {
  it.each(pixels.cases)("becomes the pixel_values of Hugging Face's own processor: $image for $model", async (one) => {
    const model = await openModel(fixtures.folder(one.model));
    const { pixel_values: read } = await (await model.images()).read(image(one.image));
    expect(read).toMatchObject({ dtype: "float32", shape: pixels.shape });
    const distance = one.data.map((value, i) => Math.abs(value - Number(read.data[i])));
    // Six digits are written; float32 arithmetic of scaling and normalizing adds some ulp of 2.
    expect(Math.max(...distance)).toBeLessThan(2e-6);
    await model.close();
  });

  it.each([
    ["vit", ["[CLS]"]],
    ["deit", ["[CLS]", "[DIST]"]],
    ["dinov2", ["[CLS]"]],
  ])("has its learned tokens for special positions where the architecture tells them: %s", async (model, leading) => {
    const args = ["--image", image("photo.png"), "--image", image("photo.jpg"), "--out", model];
    expect(await probe(model, ...args)).toMatchObject({ code: 0, failed: [] });
    const { manifest, data } = readRun(join(fixtures.cwd, model));
    // 16 patches of 4 × 4 pixels of 16 × 16.
    expect(new Set(data.metrics.map(({ n }) => n))).toEqual(new Set([16]));
    expect(manifest.policy).toMatchObject({ specialTokens: "drop", specialKnown: true });
    expect(manifest.texts).toHaveLength(2);
    const html = readFileSync(join(fixtures.cwd, model, "report.html"), "utf8");
    expect(html).toContain("2 images, n");
    expect(html).toContain("mean over 2 images");
    expect(html).not.toContain("2 texts");
    expect(manifest.texts![0]).toMatchObject({
      name: image("photo.png"),
      tokens: [...leading, "0,0", "0,1", ...new Array(13).fill(expect.any(String)), "3,3"],
      special: [...leading.map(() => 1), ...new Array(16).fill(0)],
    });
  });

  it("has none where nothing says which architecture it is", async () => {
    const config = join(fixtures.folder("vit"), "config.json");
    const known = readFileSync(config, "utf8");
    writeFileSync(config, known.replace('"vit"', '"another"'));
    const result = await runCli(["probe", fixtures.model("vit"), "--image", image("photo.png"), "--json"], {
      cwd: fixtures.cwd,
    });
    writeFileSync(config, known);
    const { metrics } = jsonOf(result) as { metrics: MetricRow[] };
    expect(new Set(metrics.map(({ n }) => n))).toEqual(new Set([17]));
  });
});

describe("an image that cannot be used", () => {
  it.each<[string, string, string[], number, RegExp]>([
    [
      "a text model",
      "bert",
      ["--image", "words.png"],
      3,
      /takes no images: it starts from input_ids\. give texts with --text$/,
    ],
    [
      "a text for an image model",
      "vit",
      ["--text", "hello"],
      3,
      /takes no text: it starts from pixel_values\. give images with --image$/,
    ],
    [
      "a file that is no image",
      "vit",
      ["--image", "words.png"],
      3,
      /words\.png: no image\. give a PNG, JPEG or WebP file$/,
    ],
    [
      "a folder in the place of a file",
      "vit",
      ["--image", "."],
      3,
      /image cannot be read: .*: a folder\. check the path$/,
    ],
    [
      "one of more pixels than memory has room for, by its head",
      "vit",
      ["--image", "bomb.png"],
      3,
      /image too large: bomb\.png: 30000 × 20000 pixels\. scale or crop it: 100 million pixels are the most$/,
    ],
    ["a file that is not there", "vit", ["--image", "none.png"], 3, /none\.png: no such file\. check the path$/],
    [
      "texts beside it",
      "vit",
      ["--image", "words.png", "--text", "a"],
      2,
      /--image and --inputs, --text or --text-file/,
    ],
    [
      "windows of it",
      "vit",
      ["--image", "words.png", "--chunk", "max"],
      2,
      /--chunk and --image: only a text is split into windows\. give one of them/,
    ],
    [
      "a cut",
      "vit",
      ["--image", "words.png", "--truncate"],
      2,
      /--truncate and --image: only a text is cut\. give one of them$/,
    ],
    ["lines of it", "vit", ["--image", "words.png", "--lines"], 2, /--lines: only a text file has lines\./],
    [
      "tokens to shuffle",
      "vit",
      ["--image", image("photo.png"), "--shuffle-tokens", "1"],
      3,
      /tokens cannot be shuffled/,
    ],
  ])("is refused in one line: %s", async (_, model, args, code, message) => {
    const result = await probe(model, ...args);
    expect(result).toMatchObject({ code, out: [] });
    expect(result.failed).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    [{ size: 100_000 }, "photo", /preprocessor_config\.json: size of 100000 pixels a side in .*\. give at most 4096$/],
    [{ do_center_crop: true, crop_size: { height: 16, width: 5000 } }, "photo", /crop_size of 5000 pixels a side/],
    [{ size: { shortest_edge: 4000 } }, "ribbon", /image too large: 20000 × 10 pixels become 8000000 × 4000 pixels\./],
  ])(
    "is refused before memory is taken where the processor would make it so large: %o",
    async (sizes, file, message) => {
      const config = join(fixtures.folder("vit"), "preprocessor_config.json");
      const known = readFileSync(config, "utf8");
      writeFileSync(config, JSON.stringify({ ...JSON.parse(known), ...sizes }));
      const path = file === "photo" ? image("photo.png") : join(fixtures.cwd, "ribbon.png");
      const result = await probe("vit", "--image", path);
      writeFileSync(config, known);
      expect(result).toMatchObject({ code: 3, failed: [expect.stringMatching(message)] });
    },
  );

  it("is one for a model without preprocessor_config.json", async () => {
    const bare = await modelFixtures("vit");
    const result = await runCli(["probe", bare.folder("vit"), "--image", image("photo.png")], { cwd: bare.cwd });
    expect(result.failed).toEqual([
      expect.stringMatching(/without preprocessor_config\.json: .*\. put it beside the model/),
    ]);
    await bare.remove();
  });
});
