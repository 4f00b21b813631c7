import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadTokenizer, makeTokenizer, specialPositions } from "../../models/inputs/tokenizer.ts";
import { writeToyTokenizer } from "./toy-tokenizer.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokensphere-"));
  await writeToyTokenizer(folder);
});
afterAll(() => rm(folder, { recursive: true }));

describe("a tokenizer from files", () => {
  it("gives ids, a string for each, and the positions that the template added", async () => {
    const tokenizer = await loadTokenizer(folder, null);
    expect(tokenizer.encode("the sphere zyx")).toEqual({
      ids: [2, 4, 5, 1, 3],
      tokens: ["[CLS]", "the", "sphere", "[UNK]", "[SEP]"],
      special: Uint8Array.of(1, 0, 0, 0, 1),
      dropped: 0,
    });
  });

  it("does not call a special token that the text itself holds a template's", async () => {
    const tokenizer = await loadTokenizer(folder, null);
    expect([...tokenizer.encode("[CLS]").special]).toEqual([1, 0, 1]);
    expect([...tokenizer.encode("[SEP] a [SEP]").special]).toEqual([1, 0, 0, 0, 1]);
  });

  it("lowercases letter by letter, as Python's tokenizers do: Σ at a word's end is σ", async () => {
    const greek = await mkdtemp(join(folder, "greek-"));
    await writeToyTokenizer(greek);
    const path = join(greek, "tokenizer.json");
    const written = JSON.parse(await readFile(path, "utf8"));
    const vocab = { ...written.model.vocab, ας: 20, ασ: 21 };
    const types = [
      ["BertNormalizer", 21],
      ["Lowercase", 21],
    ] as const;
    for (const [type, id] of types) {
      const normalizer = { type: "Sequence", normalizers: [{ type, lowercase: true }] };
      const pre = { type: "WhitespaceSplit" };
      await writeFile(
        path,
        JSON.stringify({ ...written, normalizer, pre_tokenizer: pre, model: { ...written.model, vocab } }),
      );
      expect((await loadTokenizer(greek, null)).encode("ΑΣ ας").ids).toEqual([2, id, 20, 3]);
    }
  });

  // As tokenizers.pre_tokenizers of Python's tokenizers 0.23 parts it.
  it.each([
    ["Whitespace", ["aéb", "a", "b", "a", "\ufeff", "b", "a", "²", "b", "a\u200db"]],
    ["WhitespaceSplit", ["aéb", "a", "b", "a\ufeffb", "a²b", "a\u200db"]],
  ])("knows letters and spaces as Python's tokenizers do, not as JavaScript: %s", async (type, pieces) => {
    const home = await mkdtemp(join(folder, "pieces-"));
    await writeToyTokenizer(home);
    const path = join(home, "tokenizer.json");
    const written = JSON.parse(await readFile(path, "utf8"));
    const known = Object.fromEntries([...new Set(pieces)].map((piece, i) => [piece, 20 + i]));
    const model = { ...written.model, vocab: { "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, ...known } };
    for (const parting of [{ type }, { type: "Sequence", pretokenizers: [{ type }] }]) {
      await writeFile(path, JSON.stringify({ ...written, pre_tokenizer: parting, model }));
      const { ids } = (await loadTokenizer(home, null)).encode("aéb a\u0085b a\ufeffb a²b a\u200db");
      expect(ids).toEqual([2, ...pieces.map((piece) => known[piece]), 3]);
    }
  });

  it("prints nothing", async () => {
    const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write"));
    const logs = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
    await loadTokenizer(folder, null);
    for (const spy of [...streams, ...logs]) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("is refused in one line where the files are missing or broken", async () => {
    const none = await mkdtemp(join(folder, "none-"));
    await expect(loadTokenizer(none, null)).rejects.toMatchObject({ kind: "input", message: /^no usable tokenizer/ });
    await writeFile(join(none, "tokenizer.json"), "{");
    await expect(loadTokenizer(none, null)).rejects.toMatchObject({ kind: "input" });
  });
});

describe("a text that is too long", () => {
  it("is refused with its length, the limit and the remedy", async () => {
    const tokenizer = await loadTokenizer(folder, 4);
    expect(() => tokenizer.encode("a a a")).toThrow(
      "text too long: 5 tokens, the model takes 4. give a shorter text, cut it with `truncate`, or split it with `chunk: max`",
    );
    expect(tokenizer.encode("a a").ids).toHaveLength(4);
  });

  it("is cut only when asked, and keeps its template", async () => {
    const tokenizer = await loadTokenizer(folder, 4);
    expect(tokenizer.encode("the sphere and a token", { truncate: true })).toMatchObject({
      tokens: ["[CLS]", "the", "sphere", "[SEP]"],
      special: Uint8Array.of(1, 0, 0, 1),
      dropped: 3,
    });
  });

  it("has the smaller of the tokenizer's and the model's limit", async () => {
    const limited = await mkdtemp(join(folder, "limited-"));
    await writeToyTokenizer(limited, 8);
    expect((await loadTokenizer(limited, 40)).limit).toBe(8);
    expect((await loadTokenizer(limited, 6)).limit).toBe(6);
  });
});

describe("an empty text", () => {
  it.each(["", "   "])("is refused: %j", async (text) => {
    const tokenizer = await loadTokenizer(folder, null);
    expect(() => tokenizer.encode(text)).toThrow(/empty text/);
  });
});

describe("special positions", () => {
  it("of a tokenizer without a template are none", () => {
    const tokenizer = makeTokenizer((text) => [...text].map((c) => c.charCodeAt(0)), String, Infinity);
    expect([...tokenizer.encode("abc").special]).toEqual([0, 0, 0]);
  });

  it("of a template that changes the text are those not matched in order", () => {
    expect([...specialPositions([9, 1, 9, 2, 9], [1, 2], 1)]).toEqual([1, 0, 1, 0, 1]);
  });
});
