import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HalfWritten } from "../../src/effects/half-written.ts";
import { removeHalfWritten } from "../../src/run/left-behind.ts";
import { draftFolder, fillFolder, runFolderName } from "../../src/run/run-folder.ts";
import { writeWhole } from "../../src/run/write-whole.ts";
import { fakeEffects } from "./run-cli.ts";

let cwd: string;
let places: Set<HalfWritten>;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-run-"));
  places = new Set();
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function effects() {
  return fakeEffects({ cwd, places }, { out: [], failed: [], said: [] });
}

function target(): string {
  return join(cwd, "deep/er/run");
}

const MANIFEST = JSON.stringify({ format: "tokensphere/run", version: 1 });

describe("a run folder", () => {
  it("appears only when it is complete", async () => {
    await fillFolder(effects(), target(), false, async (folder) => {
      writeFileSync(join(folder, "a.txt"), "a");
      expect(existsSync(target())).toBe(false);
    });
    expect(readdirSync(target())).toEqual(["a.txt"]);
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["run"]);
    expect(places.size).toBe(0);
  });

  it("leaves nothing where the work fails, and an earlier run as it was", async () => {
    mkdirSync(target(), { recursive: true });
    writeFileSync(join(target(), "manifest.json"), MANIFEST);
    const work = async (folder: string) => {
      writeFileSync(join(folder, "a.txt"), "a");
      throw new Error("disk on fire");
    };
    await expect(fillFolder(effects(), target(), true, work)).rejects.toThrow("disk on fire");
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["run"]);
    expect(readdirSync(target())).toEqual(["manifest.json"]);
    expect(places.size).toBe(0);
  });

  it("leaves no folder that it made on the way, but those that hold something", async () => {
    mkdirSync(join(cwd, "deep"));
    writeFileSync(join(cwd, "deep/other.txt"), "other");
    const fail = () => Promise.reject(new Error("no"));
    await expect(fillFolder(effects(), target(), false, fail)).rejects.toThrow("no");
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(["deep", "deep/other.txt"]);
  });

  it("leaves nothing when it is interrupted", () => {
    const draft = draftFolder(effects(), target(), false);
    writeFileSync(join(draft.path, "metrics.csv"), "a");
    expect(places.size).toBe(1);
    for (const place of places) removeHalfWritten(place, () => true);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("may be an empty folder that is already there", async () => {
    mkdirSync(target(), { recursive: true });
    await fillFolder(effects(), target(), false, async (folder) => writeFileSync(join(folder, "a.txt"), "a"));
    expect(readdirSync(target())).toEqual(["a.txt"]);
  });

  it("replaces an earlier run wholly", async () => {
    mkdirSync(target(), { recursive: true });
    writeFileSync(join(target(), "manifest.json"), MANIFEST);
    writeFileSync(join(target(), "old.svg"), "old");
    await fillFolder(effects(), target(), true, async (folder) =>
      writeFileSync(join(folder, "manifest.json"), MANIFEST),
    );
    expect(readdirSync(target())).toEqual(["manifest.json"]);
  });

  const OURS = {
    "manifest.json": MANIFEST,
    "metrics.csv": "",
    "sweep.csv": "",
    "report.html": "",
    "w1ByLayer.vl.json": "{}",
    "w1ByLayer.png": "",
  };
  const put = (files: Readonly<Record<string, string>>): void => {
    mkdirSync(target(), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(target(), name), content);
  };
  const replace = () =>
    fillFolder(effects(), target(), true, async (folder) => writeFileSync(join(folder, "manifest.json"), MANIFEST));

  it.each(["manifest", "simulation", "inspect", "sweep"])(
    "is known by a %s.json that says whose it is",
    async (name) => {
      put({ [`${name}.json`]: JSON.stringify({ format: `tokensphere/${name}`, version: 1 }), "old.png": "" });
      await replace();
      expect(readdirSync(target())).toEqual(["manifest.json"]);
    },
  );

  it.each([
    ["notes.txt", { ...OURS, "notes.txt": "mine", "thesis.tex": "mine" }],
    ["manifest.json", { ...OURS, "manifest.json": '{"name": "an extension of a browser"}' }],
    ["manifest.json", { ...OURS, "manifest.json": "no JSON" }],
    ["sweep.json", { ...OURS, "sweep.json": "null" }],
    ["photo.png", { "photo.png": "mine" }],
  ])("is not replaced, forced or not, where %s is not ours", async (name, files: Readonly<Record<string, string>>) => {
    put(files);
    const message = `--out: ${target()} is not empty, and ${name} is not of tokensphere. give another folder`;
    await expect(replace()).rejects.toMatchObject({ kind: "usage", message });
    expect(readdirSync(target()).sort()).toEqual(Object.keys(files).sort());
  });

  it("is not replaced where it holds a folder, whatever that is called", async () => {
    put(OURS);
    mkdirSync(join(target(), "pictures.png"));
    await expect(replace()).rejects.toThrow("pictures.png is not of tokensphere");
  });

  it("is not replaced where something was put there while the work went on", async () => {
    put(OURS);
    const work = async () => writeFileSync(join(target(), "notes.txt"), "mine");
    await expect(fillFolder(effects(), target(), true, work)).rejects.toThrow("notes.txt is not of tokensphere");
    expect(existsSync(join(target(), "notes.txt"))).toBe(true);
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["run"]);
  });

  it("is named in messages as the user knows it, not as the draft", async () => {
    const work = async (folder: string) => writeWhole(join(folder, "a.txt/b.txt/c.txt"), "c");
    const failure = fillFolder(effects(), target(), false, work);
    await expect(failure).rejects.toMatchObject({ kind: "disk" });
    await expect(failure).rejects.toThrow(`cannot write: ${target()}/a.txt/b.txt/c.txt. `);
    writeFileSync(join(cwd, "file"), "");
    const below = join(cwd, "file/run");
    const inFile = fillFolder(effects(), below, false, async () => undefined);
    await expect(inFile).rejects.toMatchObject({ kind: "disk", message: expect.not.stringContaining("draft") });
    await expect(inFile).rejects.toThrow(`cannot write ${below}: `);
  });

  it("has a name of characters that every file system takes, and a free one", () => {
    const name = runFolderName(effects(), undefined, "/models/what is: this?");
    expect(name).toBe(join(cwd, "runs/2026-01-02T03-04-05-what_is_this_"));
    mkdirSync(name, { recursive: true });
    expect(runFolderName(effects(), undefined, "/models/what is: this?")).toBe(`${name}-2`);
  });
});
