import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { namedRun } from "../../src/run/last-run.ts";
import { runCli } from "../cli/run-cli.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-last-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it("a run is its folder, a file in it, or the newest one of all", () => {
  for (const [name, time] of [
    ["b", 3000],
    ["a", 5000],
    ["c", 4000],
  ] as const) {
    mkdirSync(join(cwd, "runs", name), { recursive: true });
    writeFileSync(join(cwd, "runs", name, "manifest.json"), "{}");
    utimesSync(join(cwd, "runs", name, "manifest.json"), time, time);
  }
  mkdirSync(join(cwd, "runs", "zero"));
  expect(namedRun(cwd, undefined)).toBe(join(cwd, "runs", "a"));
  expect(namedRun(cwd, "runs/b")).toBe(join(cwd, "runs", "b"));
  expect(namedRun(cwd, "runs/b/report.html")).toBe(join(cwd, "runs", "b"));
  expect(namedRun(cwd, "elsewhere/x")).toBe(join(cwd, "elsewhere", "x"));
});

it.each([
  "sweep --dynamics sa --n 3 --d 2 --betas 1 --times 0,1 --seeds 2",
  "simulate --dynamics sa --n 3 --d 2 --beta 1 --times 0,1",
  "simulate --dynamics sa --n 3 --d 2 --beta 1 --times 1 --noise 5 --step 0.1",
  "simulate --dynamics sa --n 3 --d 2 --beta 1 --layer-steps 2 --step 0.1",
  "mean-field --beta 1 --start uniform --times 0,0.1",
])("%s says where it wrote", async (line) => {
  const name = line.replaceAll(/\W+/g, "-");
  const { code, out } = await runCli([...line.split(" "), "--out", name], { cwd });
  expect({ code, last: out.at(-1) }).toEqual({ code: 0, last: name });
});
