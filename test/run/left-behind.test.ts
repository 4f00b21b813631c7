import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isRunning } from "../../src/run/is-running.ts";
import { LOCK } from "../../src/run/rows/run-files.ts";
import { fillFolder } from "../../src/run/run-folder.ts";
import { fakeEffects, runCli } from "../cli/run-cli.ts";
import { SKIPS } from "../skips.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-left-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Above every number that a system gives. */
const GONE = 2 ** 30;
const SWEEP = "sweep --dynamics sa --n 3 --d 2 --betas 1 --times 0,1 --seeds 2".split(" ");

function put(folder: string, file: string): void {
  mkdirSync(join(cwd, folder), { recursive: true });
  writeFileSync(join(cwd, folder, file), "{}");
}

it("drafts whose process is gone are removed at the next start, those of others and what is not ours are not", async () => {
  put(`.a.${GONE}.draft`, "metrics.csv");
  put(`.b.${process.ppid}.draft`, "metrics.csv");
  put(`.c.${GONE}.draft`, "letter.txt");
  put(`.d.${GONE}.old`, "metrics.csv");
  put(`.e.${GONE}.draft`, "states.safetensors.data.part");
  const effects = fakeEffects({ cwd }, { out: [], failed: [], said: [] });
  await fillFolder(effects, join(cwd, "run"), false, async (folder) => writeFileSync(join(folder, "x"), "1"));
  // What had been put aside goes back to where it was, nothing having taken its place.
  expect(readdirSync(cwd).sort()).toEqual([`.b.${process.ppid}.draft`, `.c.${GONE}.draft`, "d", "run"]);
});

it("of two sweeps on one folder the second is refused; a dead one's claim is taken over, and none is left", async () => {
  put("swept", LOCK);
  writeFileSync(join(cwd, "swept", LOCK), String(process.ppid));
  const second = await runCli([...SWEEP, "--out", "swept"], { cwd });
  expect(second).toMatchObject({ code: 2, failed: [expect.stringContaining(`process ${process.ppid} writes into`)] });
  expect(readFileSync(join(cwd, "swept", LOCK), "utf8")).toBe(String(process.ppid));
  // Killed in its first write: neither claim nor what was being written is in the way.
  rmSync(join(cwd, "swept"), { recursive: true });
  put("swept", "sweep.json.part");
  writeFileSync(join(cwd, "swept", LOCK), String(GONE));
  expect((await runCli([...SWEEP, "--out", "swept"], { cwd })).code).toBe(0);
  expect(readdirSync(join(cwd, "swept")).sort()).toEqual(["sweep.csv", "sweep.json"]);
});

it.skipIf(SKIPS.linux.skipped)(
  "a process that has ended and that nobody waits for, as in a container, holds no claim",
  async () => {
    // The shell gives its child to a program that never asks for it.
    const child = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec 1>&-; exec sleep 5"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const pid = Number(await text(child.stdout));
    for (let tries = 0; isRunning(pid) && tries < 100; tries++) await setTimeout(50);
    expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/\) Z /);
    expect([isRunning(pid), isRunning(child.pid!)]).toEqual([false, true]);
    child.kill();
  },
);
