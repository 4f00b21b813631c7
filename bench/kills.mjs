// Kills compare, sweep and download at random moments, starts the same command again, and looks whether anything half-written stands
// under a whole one's name, anything stays behind, and whether what comes of it is what comes without a kill.
//
//     npm run build && node bench/kills.mjs [--kills 100] [--seed 1] [--commands compare,sweep,download] [--log FILE] [--docs]
//
// A trial is one to three kills on top of each other and then a run to the end. Each trial is a line of --log, with what went wrong in it: trials
// that stand there are not done again, so that a campaign may be run in pieces. Linux alone: processes are looked up in /proc.
//
// Two runs without a kill say what may differ: files that hold the moment, the seconds and the memory of a run. All else is compared byte by byte.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomSource } from "../dist/models/random.js";
import { commands } from "./kills/commands.mjs";
import { startHub } from "./kills/hub.mjs";
import { killGroup, killWork } from "./kills/processes.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const CLI = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
const { values: options } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    commands: { type: "string", default: "compare,sweep,download" },
    log: { type: "string" },
    docs: { type: "boolean", default: false },
  },
});

/** How a run is ended: what is killed, or asked as by a key press in its terminal. */
const WAYS = {
  "SIGKILL, the command": (child) => child.kill("SIGKILL"),
  "SIGKILL, all its processes": (child) => killGroup(child.pid, "SIGKILL"),
  "SIGKILL, the one at work": (child) => killWork(child.pid),
  "Ctrl-C": (child) => killGroup(child.pid, "SIGINT"),
};
/** Kills of a trial, in turn. */
const ON_TOP = [1, 2, 3];
/** What holds moment, seconds and memory; a manifest also the hashes of those that do. */
const MAY_DIFFER = ["manifest.json", "report.html"];

const work = mkdtempSync(join(tmpdir(), "tokensphere-kills-"));
const hub = await startHub();
const COMMANDS = await commands(work, hub.endpoint);
const done =
  options.log && existsSync(options.log)
    ? readFileSync(options.log, "utf8")
        .trim()
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];

/** Ends a command after some milliseconds, or lets it come to its end. */
function run(name, kill) {
  const { args, env } = COMMANDS[name];
  const child = spawn(process.execPath, [CLI, ...args, "-q"], {
    cwd: work,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = [];
  child.stderr.on("data", (text) => said.push(String(text)));
  let at = Number.NaN;
  const end = () => {
    at = performance.now();
    WAYS[kill.way](child);
  };
  const timer = kill && setTimeout(end, kill.after);
  const begin = performance.now();
  return new Promise((resolve) => {
    // Once the work too is gone: it holds the other end of its talk.
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const now = performance.now();
      resolve({ code: code ?? signal, ms: now - begin, answer: now - at, said: said.join("").trim() });
    });
  });
}

function hashes(folder) {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}

/** What two runs without a kill have in common, by name; `null` where it may differ. */
async function wholeRun(name) {
  const folder = COMMANDS[name].writes;
  const one = await unharmed(name);
  const wanted = hashes(folder);
  clean(folder);
  const other = await unharmed(name);
  const again = hashes(folder);
  clean(folder);
  if (Object.keys(wanted).join() !== Object.keys(again).join())
    throw new Error(`${name}: two runs write different files`);
  for (const file of Object.keys(wanted)) {
    if (wanted[file] === again[file]) continue;
    if (!MAY_DIFFER.includes(file)) throw new Error(`${name}: ${file} differs between two runs`);
    wanted[file] = null;
  }
  return { wanted, ms: (one.ms + other.ms) / 2 };
}

async function unharmed(name) {
  const whole = await run(name);
  if (whole.code !== 0) throw new Error(`${name}: ${whole.said}`);
  return whole;
}

function clean(folder) {
  rmSync(folder, { recursive: true, force: true });
}

/** Names of a folder and what lies beside it that no run without a kill leaves. */
function strange(folder, wanted) {
  const inside = Object.keys(hashes(folder)).filter((name) => !(name in wanted));
  const beside = readdirSync(work, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(draft|old|part|lock)$/.test(name),
  );
  return [...new Set([...inside, ...beside])];
}

/** Files under a whole one's name that are another: of a sweep that goes on, its rows so far, which parse. */
function cutFiles(folder, wanted) {
  const found = hashes(folder);
  return Object.keys(found).filter(
    (name) => name in wanted && wanted[name] !== null && found[name] !== wanted[name] && !parses(join(folder, name)),
  );
}

function parses(path) {
  try {
    return path.endsWith(".json") && Boolean(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return false;
  }
}

function differing(folder, wanted) {
  const found = hashes(folder);
  return Object.keys(wanted).filter((name) =>
    wanted[name] === null ? !(name in found) : found[name] !== wanted[name],
  );
}

async function trial(name, number, { wanted, ms }) {
  const random = randomSource(Number(options.seed) * 10_007 + number);
  const folder = COMMANDS[name].writes;
  const kills = [];
  for (let k = 0; k < ON_TOP[number % ON_TOP.length]; k++) {
    const way = Object.keys(WAYS)[Math.floor(random() * 4)];
    const after = random() * ms * 1.05;
    const { code, answer } = await run(name, { way, after });
    const late = code === 0 || Number.isNaN(answer);
    const asked = way === "Ctrl-C" && !late;
    kills.push({
      way,
      after: Math.round(after),
      late,
      ...(asked ? { answer: Math.round(answer) } : {}),
      cut: cutFiles(folder, wanted),
      // What has been asked to end tidies up itself.
      left: asked ? strange(folder, wanted).filter((file) => !COMMANDS[name].keeps.test(file)) : [],
    });
    if (differing(folder, wanted).length === 0) break; // After the last write: the command would say that all is there.
  }
  const before = differing(folder, wanted);
  const end = before.length === 0 && name !== "download" ? { code: 0, said: "" } : await run(name);
  const line = {
    command: name,
    seed: Number(options.seed),
    number,
    whole: Math.round(ms),
    kills,
    code: end.code,
    said: end.said,
    left: strange(folder, wanted),
    differ: differing(folder, wanted),
  };
  clean(folder);
  for (const one of readdirSync(work)) if (!COMMANDS[name].inputs.includes(one)) clean(join(work, one));
  return line;
}

const isWrong = ({ kills, code, left, differ }) =>
  code !== 0 ||
  left.length > 0 ||
  differ.length > 0 ||
  kills.some((kill) => kill.cut.length > 0 || kill.left.length > 0);

try {
  const names = options.commands.split(",");
  for (const name of names) {
    const wanted = Math.ceil(Number(options.kills) / names.length);
    const ofIt = () => done.filter(({ command, seed }) => command === name && seed === Number(options.seed));
    const killed = () => ofIt().reduce((sum, { kills }) => sum + kills.length, 0);
    if (killed() >= wanted) continue;
    const whole = await wholeRun(name);
    for (let number = ofIt().length; killed() < wanted; number++) {
      const line = await trial(name, number, whole);
      done.push(line);
      if (options.log) appendFileSync(options.log, `${JSON.stringify(line)}\n`);
      if (isWrong(line)) process.stderr.write(`${JSON.stringify(line)}\n`);
    }
  }
} finally {
  hub.close();
  rmSync(work, { recursive: true, force: true });
}

const lines = [
  "| command | seconds | kills | of them Ctrl-C | slowest answer to it, s | after the end | a name with a cut file | left behind | result differs |",
  "|---|---|---|---|---|---|---|---|---|",
  ...[...new Set(done.map(({ command }) => command))].map((name) =>
    row(
      name,
      done.filter(({ command }) => command === name),
    ),
  ),
  "",
  `${Math.round(loadavg()[0])} programs waited for the cores at the end of it.`,
];

function row(name, trials) {
  const kills = trials.flatMap((one) => one.kills);
  const answers = kills.flatMap(({ answer }) => answer ?? []);
  const seconds = trials.reduce((sum, { whole }) => sum + whole, 0) / trials.length / 1000;
  const count = (of) => kills.filter(of).length;
  const cells = [
    name,
    seconds.toFixed(1),
    kills.length,
    answers.length,
    answers.length === 0 ? "–" : (Math.max(...answers) / 1000).toFixed(2),
    count(({ late }) => late),
    count(({ cut }) => cut.length > 0),
    count(({ left }) => left.length > 0) + trials.filter(({ left }) => left.length > 0).length,
    trials.filter(({ code, differ }) => code !== 0 || differ.length > 0).length,
  ];
  return `| ${cells.join(" | ")} |`;
}

console.log(lines.join("\n"));
if (options.docs) putIntoDocs("kills", lines, "faults.md");
process.exitCode = done.some(isWrong) ? 1 : 0;
