import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { TokensphereError } from "../../models/errors.ts";
import { PAIR_MEASURES } from "../../probes/pairs/pair-measures.ts";
import { defaultPolicy } from "../../probes/policy/policy.ts";
import type { MeasureOptions } from "../../src/measure/probe.ts";
import { openSinks } from "../../src/measure/sinks.ts";

/** Files that are open, by their numbers. What another file of this process has loaded is loaded anew, with what is put in place here. */
const open = vi.hoisted(() => {
  vi.resetModules();
  return new Set<number>();
});

vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const openSync: typeof real.openSync = (...args) => {
    const file = real.openSync(...args);
    open.add(file);
    return file;
  };
  const closeSync: typeof real.closeSync = (file) => {
    open.delete(file);
    real.closeSync(file);
  };
  return { ...real, openSync, closeSync };
});

const folder = mkdtempSync(join(tmpdir(), "tokensphere-sinks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => open.clear());

const asked: MeasureOptions = { policy: defaultPolicy, residMid: true, attentions: true, pairMeasures: PAIR_MEASURES };

describe("the files of what is measured", () => {
  it("are all open, and closed when they end or are given up", () => {
    for (const end of ["finish", "abort"] as const) {
      const sinks = openSinks(folder, asked, { edges: [-1, 1] });
      expect(open.size).toBe(5);
      sinks[end]();
      expect(open.size).toBe(0);
    }
  });

  it.each(["metrics-mid.csv", "histograms.json"])("are closed where %s cannot be opened, which is told", (usual) => {
    mkdirSync(join(folder, `no-${usual}`));
    const fileName = (name: string) => (name === usual ? `no-${usual}` : name);
    const message = `cannot write: ${join(folder, `no-${usual}`)}. check the folder and the space left`;
    expect(() => openSinks(folder, asked, { edges: [-1, 1], fileName })).toThrow(new TokensphereError("disk", message));
    expect(open.size).toBe(0);
  });
});
