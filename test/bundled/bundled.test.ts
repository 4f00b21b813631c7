import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openSafetensors, readFloats } from "../../models/arrays/safetensors-reader.ts";
import { openModel } from "../../models/open-model.ts";
import { METRICS } from "../../src/run/metrics.ts";
import { defaultPassage } from "../../src/sources/bundled.ts";
import { FIT_ONLY } from "../cli/fit-only.ts";
import { runCli } from "../cli/run-cli.ts";

const FOLDER = resolve(import.meta.dirname, "../../models/bundled");

interface Fixture {
  readonly text: string;
  readonly input_ids: readonly number[];
  readonly tokens: readonly string[];
  readonly num_hidden_layers: number;
  readonly layers: readonly number[];
  readonly dtype: "float16" | "float32";
}

function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(join(FOLDER, "fixtures", `${name}.json`), "utf8"));
}

/** Largest difference at each recorded layer, beyond what storing the reference in float16 costs (half a unit in the last place). */
async function differences(name: string, depth?: number): Promise<number[]> {
  const { text, layers, dtype } = fixture(name);
  const model = await openModel(FOLDER, depth === undefined ? {} : { depth });
  const file = await openSafetensors(join(FOLDER, "fixtures", `${name}.safetensors`));
  try {
    const states = await model.states(text);
    return await Promise.all(
      layers.map(async (k) => {
        const { x: expected } = await readFloats(file, `hidden_states.${k}`);
        const { x } = states.layers.find(({ layer }) => layer === k)!;
        const rounding = dtype === "float16" ? 2 ** -11 : 0;
        return Math.max(...expected.map((e, i) => Math.abs(x[i] - e) - rounding * Math.abs(e)));
      }),
    );
  } finally {
    await file.close();
    await model.close();
  }
}

describe("the bundled model", () => {
  test.each(["sea", "letter"])("gives PyTorch's states at every layer: %s", async (name) => {
    // Two float32 programs that add in different orders: 1e-4 is what was asked for; about 1e-5 is seen.
    for (const difference of await differences(name)) expect(difference).toBeLessThan(1e-4);
  });

  test("gives PyTorch's states at 48 layers through the looped block", async () => {
    for (const difference of await differences("letter-48", 48)) expect(difference).toBeLessThan(1e-4);
  });

  test("has a tokenizer that gives the recorded ids and tokens", async () => {
    const model = await openModel(FOLDER);
    const tokenizer = await model.tokenizer();
    for (const name of ["sea", "letter"]) {
      const { text, input_ids, tokens } = fixture(name);
      const encoded = tokenizer.encode(text);
      expect(encoded.ids).toEqual(input_ids);
      expect(encoded.tokens).toEqual(tokens);
      expect([...encoded.special]).toEqual(input_ids.map((_, i) => (i === 0 || i === input_ids.length - 1 ? 1 : 0)));
    }
    await model.close();
  });

  test("has passages of 300 tokens or more, the default among them", async () => {
    const model = await openModel(FOLDER);
    const tokenizer = await model.tokenizer();
    const passages: { file: string; tokens: number; default?: boolean }[] = JSON.parse(
      readFileSync(join(FOLDER, "passages/passages.json"), "utf8"),
    );
    expect(passages.length).toBeGreaterThanOrEqual(5);
    expect(passages.filter((p) => p.default)).toHaveLength(1);
    for (const { file, tokens } of passages) {
      const encoded = tokenizer.encode(readFileSync(join(FOLDER, "passages", file), "utf8").trim());
      expect(encoded.ids.length, file).toBe(tokens);
      expect(tokens, file).toBeGreaterThanOrEqual(300);
    }
    expect(defaultPassage().text.length).toBeGreaterThan(500);
    await model.close();
  });

  test("ships in at most 20 MB", () => {
    const size = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
      .map((name) => statSync(join(FOLDER, name)))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    expect(size).toBeLessThan(20e6);
  });
});

describe("a command without a model", () => {
  const cwd = mkdtempSync(join(tmpdir(), "tokensphere-bundled-"));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test.each([
    ["probe", []],
    ["compare", ["--bootstrap", "0", "--time", "linear", ...FIT_ONLY]],
  ])("calls it bundled in manifest and report, by no path: %s", async (command, more) => {
    const args = [command, "--text", "The sea was calm and the night was dark.", "--out", command, ...more];
    expect(await runCli(args, { cwd })).toMatchObject({ code: 0 });
    const read = (name: string) => readFileSync(join(cwd, command, name), "utf8");
    expect(JSON.parse(read("manifest.json")).model.model).toBe("bundled");
    expect(read("report.html")).toContain("<title>bundled: ");
    for (const name of ["manifest.json", "report.html"]) expect(read(name)).not.toContain("models/bundled");
    if (command !== "compare") return;
    expect(JSON.parse(read("fit.json")).observed.source).toBe("bundled");
    // The second row, by default: the shared block looped to layer 48.
    expect(JSON.parse(read("manifest.json")).looped.variants[1].label).toBe("48 layers");
    expect(METRICS.fromCsv(read("metrics-looped.csv")).some(({ layer }) => layer === 48)).toBe(true);
  });
});

describe("in @huggingface/transformers, unchanged", () => {
  const pipeline = import("@huggingface/transformers").then(async ({ env, LogLevel, pipeline: open }) => {
    env.logLevel = LogLevel.ERROR;
    return open("fill-mask", FOLDER, { local_files_only: true, dtype: "fp32" });
  });
  afterAll(async () => (await pipeline).dispose());

  // One token is masked; a word of the set must be among the first five. They are what a reader would write.
  test.each([
    [
      "He sat down in the [MASK] by the fire.",
      ["chair", "armchair", "room", "corner", "hall", "evening", "middle", "house"],
    ],
    ["She opened the [MASK] and looked out into the night.", ["door", "window", "windows", "gate", "doors", "house"]],
    [
      "The king and the [MASK] were married in the spring.",
      ["queen", "princess", "lady", "duke", "prince", "king", "people"],
    ],
  ])("fills %s sensibly", async (sentence, words) => {
    const filled = (await (await pipeline)(sentence, { top_k: 5 })) as { token_str: string }[];
    expect(words).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^(${filled.map((f) => f.token_str.trim()).join("|")})$`)),
      ]),
    );
  });
});
