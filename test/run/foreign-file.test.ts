import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FORMATS } from "../../src/formats/formats.ts";
import { foreignFile, holdsOnlyOurs } from "../../src/run/foreign-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-foreign-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("every JSON file that the program writes is its own, those that stand alone make their folder so", () => {
  for (const { file, name } of FORMATS) writeFileSync(join(folder, file), JSON.stringify({ format: name }));
  expect(holdsOnlyOurs(folder)).toBe(true);
  expect(foreignFile(folder)).toBeNull();
  // What lies in a run beside its manifest is no folder of ours without it.
  const within = ["explorer.json", "fit.json", "histograms.json"];
  for (const { file, name } of FORMATS) {
    for (const other of readdirSync(folder)) rmSync(join(folder, other));
    writeFileSync(join(folder, file), JSON.stringify({ format: name }));
    expect([file, foreignFile(folder)]).toEqual([file, within.includes(file) ? file : null]);
  }
  writeFileSync(join(folder, "notes.txt"), "mine");
  expect(foreignFile(folder)).toBe("notes.txt");
});
