import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { referenceKind } from "../../models/files/model-files.ts";
import { otherThanText, readsAsText } from "../../src/sources/other-than-text.ts";
import { runCli } from "./run-cli.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-refusals-"));
  mkdirSync(join(cwd, "empty"));
  const write = (name: string, ...bytes: readonly number[]) => writeFileSync(join(cwd, name), Uint8Array.from(bytes));
  writeFileSync(join(cwd, "essay.md"), "Studies serve for delight, for ornament, and for ability. \u00e9");
  writeFileSync(join(cwd, "plugin.py"), "print(1)");
  writeFileSync(join(cwd, "paper.pdf"), "%PDF-1.4 words");
  writeFileSync(join(cwd, "words.docx"), "PK\u0003\u0004 words");
  writeFileSync(join(cwd, "words.rtf"), "{\\rtf1 words}");
  write("wide.txt", 0xff, 0xfe, 0x68, 0, 0x69, 0);
  write("picture.txt", 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a);
  write("zeros.txt", 0x68, 0x69, 0, 0x68);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Slips of newcomers: words of the command line, exit code, what is said. Nothing is opened and nothing is run. */
const TABLE: readonly (readonly [line: string, code: number, says: string])[] = [
  ["compare essay.md", 2, "model: essay.md holds text. a text's file wants --text-file before it"],
  ["inspect essay.md", 2, "model: essay.md holds text. a text's file wants --text-file before it"],
  ["probe --revision main", 2, "--revision: the bundled model is not of the hub. leave it out"],
  ["probe --text-file paper.pdf", 3, "paper.pdf: a PDF. take its text out first, for example with pdftotext"],
  [
    "probe --text-file words.docx",
    3,
    "words.docx: a zip archive, as .docx, .odt and .epub are. save its text as UTF-8",
  ],
  ["probe --text-file words.rtf", 3, "words.rtf: rich text (RTF). save its text as UTF-8"],
  ["probe --text-file wide.txt", 3, "wide.txt: UTF-16. convert it with iconv -f UTF-16 -t UTF-8"],
  ["probe --text-file picture.txt", 3, "picture.txt: an image. give it to a model of images with --image"],
  ["probe --text-file zeros.txt", 3, "zeros.txt: not text: it holds bytes that are 0. give a text file"],
  ["probe --out ''", 2, "--out wants something that is not empty, or is left out."],
  ["compare --name ''", 2, "--name wants something that is not empty, or is left out."],
  ["fit x.npz --beta-range abc", 2, "--beta-range wants lo,hi with lo < hi, neither of them 0."],
  ["fit empty", 3, "no states.safetensors in empty. give a run that was made with --save-states, or a file of states"],
  ["view empty", 3, "empty. `tokensphere runs` lists those that are there"],
  ["probe --plugin plugin.py", 3, "plugin plugin.py: .py: no script of Node. give a .mjs or .js file"],
  [
    "simulate --dynamics sa --beta 1 --n 3 --d 2 --times ''",
    2,
    '--times: "". give numbers, such as 0,0.5,1 or 0:0.1:2 or 0..2/21',
  ],
];

describe("a newcomer's slip", () => {
  it.each(TABLE)("%s → %i: one line that names it and what to do", async (line, code, says) => {
    const words = line.split(" ").map((word) => (word === "''" ? "" : word));
    const result = await runCli(words, { cwd });
    expect({ ...result, said: [] }).toEqual({ code, out: [], said: [], failed: [expect.stringContaining(says)] });
    expect(result.failed[0].endsWith(says)).toBe(true);
  });

  it.each([
    ["https://huggingface.co/openai-community/gpt2", "openai-community/gpt2"],
    ["https://huggingface.co/openai-community/gpt2/tree/main", "openai-community/gpt2"],
    ["hf.co/gpt2", null],
    ["https://huggingface.co/gpt2", "gpt2"],
    ["openai-community/gpt2/", "openai-community/gpt2"],
  ])("%s: an address of the hub is told from its model", async (reference, id) => {
    if (id === null) return expect(await referenceKind(reference)).toBe("hub"); // It may be a model's name.
    await expect(referenceKind(reference)).rejects.toThrow(
      `no such file or folder: ${reference}. check the path; for the model of the hub give ${id}`,
    );
  });

  it.each(["./nothing/here", "/nothing/here", "a b/c/", "../x/", "one/two/three"])(
    "%s is a path",
    async (reference) => {
      await expect(referenceKind(reference)).rejects.toThrow(/: check the path$|\. check the path$/);
    },
  );
});

it("text is what reads as words, cut in a letter or not", () => {
  const bytes = new TextEncoder().encode("caf\u00e9");
  expect([bytes, bytes.subarray(0, -1)].map(readsAsText)).toEqual([true, true]);
  expect([Uint8Array.of(), Uint8Array.of(0x63, 0xff, 0x63), Uint8Array.of(0x63, 0)].map(readsAsText)).toEqual([
    false,
    false,
    false,
  ]);
  expect(otherThanText(bytes)).toBeNull();
});
