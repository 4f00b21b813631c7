import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { readHouse } from "./structure.mjs";

const ROOT = resolve(import.meta.dirname, "../..");
const MAKER = "models/onnx/create-session.ts";

it("sessions of ONNX Runtime have one maker, which alone names a provider", () => {
  const { files } = readHouse(ROOT);
  const withOne = (pattern: RegExp) => files.filter((file) => pattern.test(readFileSync(join(ROOT, file), "utf8")));
  expect(withOne(/InferenceSession\s*\.\s*create\b/)).toEqual([MAKER]);
  expect(withOne(/executionProviders/)).toEqual([MAKER]);
  expect(withOne(/from "onnxruntime-node"/)).toEqual(["models/onnx/runtime.ts"]);
});

it("graphs that are written have one builder", () => {
  const { files } = readHouse(ROOT);
  const drawing = files.filter((file) => /\bopset: \d/.test(readFileSync(join(ROOT, file), "utf8")));
  expect(drawing).toEqual(["models/onnx/graph-builder.ts"]);
});

it("fields of ONNX files are called by their names", () => {
  const { files } = readHouse(ROOT);
  const numbered = /\b(?:bytesField|intField|floatField)\(\d|\b(?:field|wire) [!=]== \d/;
  const found = files.filter((file) => numbered.test(readFileSync(join(ROOT, file), "utf8")));
  expect(found).toEqual([]);
});
