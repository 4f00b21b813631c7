import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCli } from "./run-cli.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "tokensphere-wrote-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

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
