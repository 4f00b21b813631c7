import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draftFolder, fillFolder, runFolderName } from "../../src/run-folder.ts";
import { fakeEffects } from "./run-cli.ts";

let cwd: string;
let cleanups: Set<() => void>;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-run-"));
  cleanups = new Set();
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function effects() {
  return fakeEffects({ cwd, cleanups }, { out: [], failed: [], said: [] });
}

function target(): string {
  return join(cwd, "deep/er/run");
}

describe("a run folder", () => {
  it("appears only when it is complete", async () => {
    await fillFolder(effects(), target(), false, async (folder) => {
      writeFileSync(join(folder, "a.txt"), "a");
      expect(existsSync(target())).toBe(false);
    });
    expect(readdirSync(target())).toEqual(["a.txt"]);
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["run"]);
    expect(cleanups.size).toBe(0);
  });

  it("leaves nothing where the work fails, and an earlier run as it was", async () => {
    mkdirSync(target(), { recursive: true });
    writeFileSync(join(target(), "manifest.json"), "{}");
    const work = async (folder: string) => {
      writeFileSync(join(folder, "a.txt"), "a");
      throw new Error("disk on fire");
    };
    await expect(fillFolder(effects(), target(), true, work)).rejects.toThrow("disk on fire");
    expect(readdirSync(join(cwd, "deep/er"))).toEqual(["run"]);
    expect(readdirSync(target())).toEqual(["manifest.json"]);
    expect(cleanups.size).toBe(0);
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
    writeFileSync(join(draft.path, "a.txt"), "a");
    expect(cleanups.size).toBe(1);
    for (const cleanup of cleanups) cleanup();
    expect(readdirSync(cwd)).toEqual([]);
  });

  it("may be an empty folder that is already there", async () => {
    mkdirSync(target(), { recursive: true });
    await fillFolder(effects(), target(), false, async (folder) => writeFileSync(join(folder, "a.txt"), "a"));
    expect(readdirSync(target())).toEqual(["a.txt"]);
  });

  it("replaces an earlier run wholly", async () => {
    mkdirSync(target(), { recursive: true });
    writeFileSync(join(target(), "manifest.json"), "{}");
    writeFileSync(join(target(), "old.svg"), "old");
    await fillFolder(effects(), target(), true, async (folder) => writeFileSync(join(folder, "manifest.json"), "{}"));
    expect(readdirSync(target())).toEqual(["manifest.json"]);
  });

  it("has a name of characters that every file system takes, and a free one", () => {
    const name = runFolderName(effects(), undefined, "/models/what is: this?");
    expect(name).toBe(join(cwd, "runs/2026-01-02T03-04-05-what_is_this_"));
    mkdirSync(name, { recursive: true });
    expect(runFolderName(effects(), undefined, "/models/what is: this?")).toBe(`${name}-2`);
  });
});
