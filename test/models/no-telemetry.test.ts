import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { besideCopy, javascriptCopy } from "../javascript-copy.ts";

/** Every door to ONNX Runtime: what opens models, what simulates, and the tokenizers' library, which loads it too. */
const DOORS = ["models/onnx/runtime", "models/inputs/transformers", "models/onnx/session", "sim/index", "models/index"];

/** Says what the switch is at the moment at which the library's own code is loaded, which reads it then. */
const WATCH = `const open = process.dlopen;
process.dlopen = function (module, file, ...rest) {
  if (/onnxruntime/.test(file)) console.log(process.env.ORT_DISABLE_TELEMETRY ?? "not set");
  return open.call(this, module, file, ...rest);
};`;

let folder: string;
beforeAll(() => {
  folder = besideCopy(javascriptCopy(DOORS.map((name) => `${name}.ts`)));
  writeFileSync(join(folder, "watch.cjs"), WATCH);
});

/** What the switch was each time a program loaded ONNX Runtime. */
function switchAtLoad(program: string): string[] {
  const { ORT_DISABLE_TELEMETRY, ...env } = process.env;
  writeFileSync(join(folder, "program.js"), program);
  const printed = execFileSync(process.execPath, ["--require", "./watch.cjs", "program.js"], { cwd: folder, env });
  return printed.toString().trim().split("\n");
}

describe("ONNX Runtime's telemetry", () => {
  it.each(DOORS)("is off behind %s", (door) => {
    expect(switchAtLoad(`import "../${door}.js";\nimport "onnxruntime-node";`)).toEqual(["1"]);
  });

  it("would be on without us", () => {
    expect(switchAtLoad(`import "onnxruntime-node";`)).toEqual(["not set"]);
  });
});
