// Starts command lines that would work for hours, presses Ctrl-C once they are at work, and measures the time to their end: a Markdown table.
//
//     npm run build && node bench/interrupts.mjs [--only NAME] [--docs]
//
// Each is asked once; then again, and asked twice. A line is at work once its processes have had four seconds of processor time. Nothing may
// stay: no process, no draft, no claim, no file that was being written.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cases } from "./interrupts/cases.mjs";
import { killGroup, processesWhere, statOf } from "./kills/processes.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
const { values: options } = parseArgs({
  options: { only: { type: "string" }, docs: { type: "boolean", default: false } },
});
/** Of processor time, in seconds. */
const AT_WORK = 4;
/** Between two presses, in ms: sooner they count as one. */
const PAUSE = 400;
/** Seconds that are asked for. */
const WANTED = 2;

const home = mkdtempSync(join(tmpdir(), "tokensphere-interrupts-"));
const cwd = mkdtempSync(join(tmpdir(), "tokensphere-interrupted-"));

/** Starts a line as a terminal does, in a group of its own; every process of it hears Ctrl-C. */
async function press(line, times) {
  const child = spawn(process.execPath, [CLI, ...line.split(" "), "-q"], {
    cwd,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = [];
  child.stderr.on("data", (text) => said.push(String(text)));
  let over = false;
  const ended = new Promise((resolve) => void child.once("close", (code) => resolve({ code, at: performance.now() })));
  child.once("close", () => {
    over = true;
  });
  for (let waits = 0; processorSeconds(child.pid) < AT_WORK && !over && waits < 1200; waits++) await setTimeout(100);
  if (over) throw new Error(`${line}: ended by itself: ${said.join("")}`);
  for (let k = 0; k < times; k++) {
    if (k > 0) await setTimeout(PAUSE);
    killGroup(child.pid, "SIGINT");
  }
  const pressed = performance.now();
  const { code, at } = await ended;
  await setTimeout(500);
  return { code, seconds: Math.max(0, at - pressed) / 1000, left: [...processesOf(child.pid), ...filesLeft()] };
}

const processesOf = (own) => processesWhere(({ group }) => group === own);
const processorSeconds = (group) => processesOf(group).reduce((sum, pid) => sum + (statOf(pid)?.seconds ?? 0), 0);

/** Beside what a sweep keeps to go on from. */
function filesLeft() {
  const names = existsSync(cwd) ? readdirSync(cwd, { recursive: true, encoding: "utf8" }) : [];
  return names.filter((name) => !/^swept(\/sweep\.json)?$/.test(name));
}

const rows = [];
try {
  for (const [name, line] of Object.entries(cases(home))) {
    if (options.only && !name.includes(options.only)) continue;
    const [once, twice] = [await press(line, 1), await press(line, 2)];
    rows.push({ name, once, twice });
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    rmSync(join(cwd, "swept"), { recursive: true, force: true });
  }
} finally {
  for (const folder of [home, cwd]) rmSync(folder, { recursive: true, force: true });
}

const lines = [
  "| at work on | after Ctrl-C, s | after a second one, s | exit code | left behind |",
  "|---|---|---|---|---|",
  ...rows.map(({ name, once, twice }) => {
    const left = [...once.left, ...twice.left];
    const codes = [...new Set([once.code, twice.code])].join(", ");
    return `| ${[name, once.seconds.toFixed(2), twice.seconds.toFixed(2), codes, left.length === 0 ? "nothing" : left.join(", ")].join(" | ")} |`;
  }),
  "",
  `Two cores, ${Math.round(loadavg()[0])} programs waiting for them.`,
];
console.log(lines.join("\n"));
if (options.docs) putIntoDocs("interrupts", lines, "faults.md");
const late = rows.filter(
  ({ once, twice }) => once.seconds > WANTED || twice.seconds > WANTED || once.left.length + twice.left.length > 0,
);
process.exitCode = late.length > 0 ? 1 : 0;
