import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { readHouse } from "./structure.mjs";

const ROOT = resolve(import.meta.dirname, "../..");

/** An error of ours with its kinds, another with its case, or what somebody else throws. */
const DIALECT = /^@throws (?:TokensphereError `(?:usage|input|environment|disk)`[ .,]|(?:Type)?Error where |what )/;

const otherwise = (text: string) =>
  (text.match(/@throws.*/g) ?? []).filter((line) => !DIALECT.test(line) || /`\w+` (?:when|if|on) /.test(line));

it("what a function throws is said in one way: the error, its kind, where", () => {
  const { files } = readHouse(ROOT);
  const found = files.flatMap((file) =>
    otherwise(readFileSync(join(ROOT, file), "utf8")).map((line) => `${file}: ${line}`),
  );
  expect(found).toEqual([]);
});

it.each([
  "@throws where it is none",
  "@throws TokensphereError where it is none",
  "@throws TokensphereError (usage) when it is none",
  "@throws TokensphereError `usage` if it is none",
  "@throws {Error} it is none",
])("would not pass: %s", (line) => {
  expect(otherwise(` * ${line}.`)).toHaveLength(1);
});
