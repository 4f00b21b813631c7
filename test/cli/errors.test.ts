import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSafetensors } from "../../models/arrays/safetensors-writer.ts";
import { runProgram } from "../../src/program.ts";
import { type ModelFixtures, modelFixtures } from "./model-fixtures.ts";
import { fakeEffects, runCli } from "./run-cli.ts";

let fixtures: ModelFixtures;
beforeAll(async () => {
  fixtures = await modelFixtures("bert");
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(fixtures.cwd, name), content);
  const model = readFileSync(fixtures.model("bert"));
  write("empty.onnx", "");
  write("garbage.onnx", "this is no model at all, whatever its name says");
  write("cut.onnx", model.subarray(0, 40_000));
  write("pointer.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123456\n");
  write("bert.onnx", model);
  write("good.json", readFileSync(fixtures.inputs("bert")));
  write("high.json", JSON.stringify({ input_ids: { dtype: "int64", shape: [1, 3], data: [5, 6, 9999] } }));
  write("one.json", JSON.stringify({ input_ids: { dtype: "int64", shape: [1, 1], data: [5] } }));
  write("words.json", "not json");
  write("empty.txt", " \n");
  write("latin.txt", Uint8Array.of(0x63, 0x61, 0x66, 0xe9));
  write("ragged.json", "[[1, 0], [0]]");
  write("zero.json", "[[1, 0], [0, 0]]");
  write("cut.safetensors", readFileSync(join(fixtures.folder("bert"), "reference.safetensors")).subarray(0, 5000));
  await writeTensor("nan.safetensors", "hidden_states.0", Float32Array.of(1, 2, Number.NaN, 4));
  await writeTensor("other.safetensors", "weights", Float32Array.of(1, 2, 3, 4));
  await writeTensor("single.safetensors", "hidden_states.0", Float32Array.of(1, 2, 3, 4));
  mkdirSync(join(fixtures.cwd, "folder"));
});
afterAll(() => fixtures.remove());

async function writeTensor(name: string, tensor: string, data: Float32Array): Promise<void> {
  const file = await createSafetensors(join(fixtures.cwd, name));
  await file.finish(new Map([[tensor, await file.append({ dtype: "float32", shape: [1, 2, 2], data })]]));
}

const START = "simulate --dynamics sa --beta 1 --n 3 --d 2 --times 0,1";
const PROBE = "probe bert.onnx --inputs good.json";

/** Command line (words apart by one space, `''` an empty one), exit code, and what the line on stderr says. */
const TABLE: readonly (readonly [line: string, code: number, says: RegExp])[] = [
  // The command line itself.
  ["nonsense", 2, /unknown command 'nonsense'\. see tokensphere --help$/],
  ["probe --nonsense", 2, /unknown option '--nonsense'/],
  ["fit", 2, /missing required argument/],
  ["fit a b", 2, /too many arguments/],
  ["probe bert.onnx", 2, /no text given.*--text/],
  [`${PROBE} --text hello`, 2, /--inputs and --text/],
  [`${PROBE} --special-tokens some`, 2, /Allowed choices are drop, keep, only/],
  [`${PROBE} --center abtt:0`, 2, /--center: abtt:0/],
  [`${PROBE} --dtype float99`, 2, /Allowed choices are fp32/],
  [`${PROBE} --seed -1`, 2, /--seed/],
  [`${PROBE} --out good.json`, 2, /--out: .*good\.json is a file/],
  [`${PROBE} --out .`, 2, /--out: .* is not empty/],
  ["fit single.safetensors --bootstrap -1", 2, /--bootstrap wants a whole number from 0 on/],
  ["fit single.safetensors --bootstrap 1.5", 2, /--bootstrap/],
  ["fit single.safetensors --out .", 2, /--out: .* is not empty/],
  ["fit single.safetensors --beta-range 5,1", 2, /--beta-range wants lo,hi/],
  ["fit single.safetensors --time backwards", 2, /--time/],
  ["simulate --beta 1 --n 3 --d 2 --times 0", 2, /--dynamics/],
  ["simulate --dynamics sa --beta NaN --n 3 --d 2 --times 0", 2, /--beta wants a finite number/],
  ["simulate --dynamics sa --beta -1 --n 3 --d 2 --times 0 --engine simd", 2, /engine simd: beta below 0/],
  ["simulate --dynamics sa --beta 1 --n 0 --d 2 --times 0", 2, /--n wants a whole number from 1 on/],
  ["simulate --dynamics sa --beta 1 --n 3 --times 0", 2, /no start given/],
  ["simulate --dynamics sa --beta 1 --n 3 --d 2 --times 1,0", 2, /times: 0 after 1\. sort them/],
  ["simulate --dynamics sa --beta 1 --n 3 --d 2 --times 0,x", 2, /--times: 0,x/],
  ["simulate --dynamics sa --beta 1 --n 3 --d 2 --times -1,0", 2, /times: -1/],
  [`${START} --init ragged.json`, 2, /--init and --n/],
  [`${START} --method leapfrog`, 2, /leapfrog/],
  [`${START} --method euler`, 2, /step: missing/],
  [`${START} --rtol 0`, 2, /rtol: 0/],
  ["theory nonsense", 2, /unknown command 'nonsense'/],
  ["theory growth --d 2", 2, /--beta/],
  ["theory growth --d 1 --beta 1", 2, /--d wants a whole number from 2 on/],
  // What it names.
  ["probe missing.onnx --inputs good.json", 3, /no such file or folder: .*missing\.onnx/],
  ["inspect ../missing", 3, /\.\.\/missing/],
  ["inspect folder", 3, /no fp32 ONNX file: .*folder/],
  ["inspect empty.onnx", 3, /empty\.onnx/],
  ["inspect garbage.onnx", 3, /garbage\.onnx/],
  ["inspect cut.onnx", 3, /cut\.onnx/],
  ["inspect pointer.onnx", 3, /git-lfs pointer/],
  ["probe bert.onnx --text hello", 3, /model without a tokenizer/],
  ["probe bert.onnx --text ''", 3, /text 0: the text is empty/],
  ["probe bert.onnx --text-file empty.txt", 3, /empty\.txt: the text is empty/],
  ["probe bert.onnx --text-file empty.txt --lines", 3, /empty\.txt: no line has text/],
  ["probe bert.onnx --text-file missing.txt", 3, /missing\.txt: no such file/],
  ["probe bert.onnx --text-file latin.txt", 3, /latin\.txt: not UTF-8/],
  ["probe bert.onnx --text-file pointer.onnx", 3, /git-lfs pointer/],
  ["probe bert.onnx --inputs missing.json", 3, /missing\.json/],
  ["probe bert.onnx --inputs words.json", 3, /words\.json: no JSON/],
  ["probe bert.onnx --inputs high.json", 3, /9999/],
  ["probe bert.onnx --inputs one.json", 3, /1 token left/],
  [`${PROBE} --special-tokens only`, 3, /special is not known/],
  ["fit missing.safetensors", 3, /no such run or file: missing\.safetensors/],
  ["fit folder", 3, /no states\.safetensors in folder/],
  ["fit cut.safetensors", 3, /cut\.safetensors/],
  ["fit garbage.onnx", 3, /garbage\.onnx/],
  ["fit nan.safetensors", 3, /hidden_states\.0 is not finite/],
  ["fit other.safetensors", 3, /no tensor hidden_states\.0/],
  ["fit single.safetensors", 3, /two are needed/],
  ["simulate --dynamics sa --beta 1 --init missing.npy --times 0", 3, /missing\.npy/],
  ["simulate --dynamics sa --beta 1 --init words.json --times 0", 3, /words\.json: no JSON/],
  ["simulate --dynamics sa --beta 1 --init ragged.json --times 0", 3, /row 1 is not 2 finite numbers/],
  ["simulate --dynamics sa --beta 1 --init zero.json --times 0", 3, /token 1: zero vector/],
  ["report folder", 3, /no run: .*folder/],
  ["report missing", 3, /no run: .*missing/],
  // The environment: this world is offline.
  ["inspect someone/some-model", 4, /someone\/some-model/],
  // The disk: below a file there is no folder.
  [`${PROBE} --out good.json/run`, 5, /cannot write .*good\.json/],
  [`${START} --out good.json/run`, 5, /cannot write .*good\.json/],
  [`${PROBE} --out /proc/no/such/place`, 5, /cannot write \/proc/],
  // What was meant.
  ["bert.onnx --inputs good.json", 2, /unknown command 'bert\.onnx'\. to measure it: tokensphere compare bert\.onnx$/],
  ["--model bert", 2, /the model has no flag: tokensphere compare bert$/],
  ["probe --model=bert", 2, /the model has no flag: tokensphere probe bert$/],
  ["report", 2, /no run given: runs\/ has none here\. give a folder/],
];

function run(line: string, ...more: readonly string[]) {
  // A model is looked up from the folder of the process, which is not this world's: its path is given in full.
  const words = line.split(" ").map((word) => (word === "''" ? "" : word));
  const [command, first, ...rest] = words;
  const full =
    first?.endsWith(".onnx") || line === "inspect folder" ? [command, join(fixtures.cwd, first), ...rest] : words;
  return runCli([...full, ...more], {
    cwd: fixtures.cwd,
    env: { HF_HUB_OFFLINE: "1", HF_HOME: join(fixtures.cwd, "folder") },
  });
}

describe("a command line that cannot be done", () => {
  it("tells a text from a model", async () => {
    const { code, failed } = await runCli(["probe", "Call me Ishmael."], { cwd: fixtures.cwd });
    expect({ code, failed }).toEqual({
      code: 2,
      failed: ["error: model: no such file or folder: Call me Ishmael. a text wants --text before it"],
    });
    expect((await runCli(["Call me Ishmael"], { cwd: fixtures.cwd })).failed).toEqual([
      `error: unknown command 'Call me Ishmael'. to measure a text: tokensphere compare --text "Call me Ishmael"`,
    ]);
  });

  it.each(TABLE)("%s → %i: one line that says why, nothing on stdout, nothing written", async (line, code, says) => {
    const before = readdirSync(fixtures.cwd).sort();
    const result = await run(line);
    expect({ code: result.code, out: result.out }).toEqual({ code, out: [] });
    expect(result.failed).toHaveLength(1);
    expect(result.failed[0]).toMatch(/^error: \S[^\n]*$/);
    expect(result.failed[0]).toMatch(says);
    expect(readdirSync(fixtures.cwd).sort()).toEqual(before);
  });

  it.each([TABLE[1], TABLE[15], TABLE[30]])("%s says so under --quiet and --json too", async (line, code) => {
    const loud = await run(line);
    const quiet = await run(line, "--quiet", "--json");
    expect(quiet).toMatchObject({ code, out: [], failed: loud.failed });
  });

  it("shows the stack under --debug, after the line", async () => {
    const { code, failed } = await run("fit single.safetensors", "--debug");
    expect(code).toBe(3);
    expect(failed[0]).toMatch(/^error: [^\n]*$/);
    expect(failed[1]).toMatch(/\n\s+at /);
  });

  it("creates no runs/ folder", () => {
    expect(existsSync(join(fixtures.cwd, "runs"))).toBe(false);
  });
});

describe("a fault of ours", () => {
  it("ends with 1 and names where to look", async () => {
    const streams = { out: [], failed: [] as string[], said: [] };
    const effects = fakeEffects({ cwd: fixtures.cwd }, streams);
    const readStdin = () => Promise.reject(new Error("the pipe\nburst"));
    const code = await runProgram("simulate --dynamics sa --beta 1 --init - --times 0".split(" "), {
      ...effects,
      readStdin,
    });
    expect(code).toBe(1);
    expect(streams.failed).toEqual([
      "internal error: the pipe burst. this is a fault of tokensphere; --debug shows where",
    ]);
  });
});
