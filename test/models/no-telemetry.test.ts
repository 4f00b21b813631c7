import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { javascriptCopy } from "../javascript-copy.ts";

/** Every door to ONNX Runtime: what opens models, what simulates, and the tokenizers' library, which loads it too. */
const DOORS = ["models/onnx/runtime", "models/inputs/transformers", "models/onnx/session", "sim/index", "models/index"];

let folder: string;
beforeAll(() => {
  folder = javascriptCopy(DOORS.map((name) => `${name}.ts`));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program with a home and a temporary folder of its own, and returns what it left there. */
function leftBehind(program: string): string[] {
  const [home, temporary] = ["home", "tmp"].map((name) => mkdtempSync(join(tmpdir(), `tokensphere-${name}-`)));
  const { ORT_DISABLE_TELEMETRY, XDG_CACHE_HOME, ...env } = process.env;
  writeFileSync(join(folder, "program.js"), program);
  execFileSync(process.execPath, ["program.js"], { cwd: folder, env: { ...env, HOME: home, TMPDIR: temporary } });
  const left = [home, temporary].flatMap((place) => readdirSync(place, { recursive: true, encoding: "utf8" }));
  for (const place of [home, temporary]) rmSync(place, { recursive: true, force: true });
  return left;
}

/** Makes a session of nothing: enough for the library to start what it sends with. */
const START = "await InferenceSession.create(new Uint8Array()).catch(() => {});";

describe("ONNX Runtime's telemetry", () => {
  it.each(DOORS)("is off behind %s", (door) => {
    const program = `import "./${door}.js";\nimport { InferenceSession } from "onnxruntime-node";\n${START}`;
    expect(leftBehind(program)).toEqual([]);
  });

  // Linux alone has been seen to write where HOME says; elsewhere the tests above say less.
  it.runIf(process.platform === "linux")("would be on without us", () => {
    expect(leftBehind(`import { InferenceSession } from "onnxruntime-node";\n${START}`)).not.toEqual([]);
  });
});
