// Thousands of damaged files through `inspect` and `probe`: a Markdown table of what became of them.
//
//   npm run build && node bench/damage.mjs [--seed 1] [--jobs 2] [--only NAME] [--scale 1] [--keep FOLDER] [--log FILE]
//
// A file is refused (one line, exit code 2 to 5), or runs and gives the same result as the whole file, or gives another
// one. That must not happen where its structure is damaged: then the file and its mutation are listed, and the exit code is
// 1, as after a crash, a hang (60 s of processor time, ten minutes by the clock), more than 3 GB of memory or a message that is not one line.
// Where numbers alone were hit (weights, constants, settings), another result is what they ask for: nothing but a hash can tell.
//
// Files are made and damaged by bench/damage/, the same for the same seed. Commands run in child processes, so that a crash
// ends one of those; --keep leaves the files that went wrong. What became of each file is a line of --log; files that stand there are not tried
// again, so that a campaign may be run in pieces.
import { fork } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openSafetensors, readFloats } from "../dist/models/index.js";
import { random } from "./damage/mutations.mjs";
import { targets, writeTarget } from "./damage/targets.mjs";
import { statOf } from "./kills/processes.mjs";

const { values: options } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
    scale: { type: "string", default: "1" },
    only: { type: "string" },
    keep: { type: "string" },
    log: { type: "string" },
  },
});
/** Of processor time, which a busy machine does not take, in seconds; and by the clock, in ms. */
const LIMIT = 60;
const LATEST = 600_000;
const MEMORY = 3e9;
const HARMLESS = new Set(["model", "sha256", "files", "producer"]);
const WORKER = fileURLToPath(new URL("./damage/worker.mjs", import.meta.url));

/** A child process that runs one command at a time; another one takes its place when it ends. */
function commander() {
  let child = null;
  let answer = null;
  const start = () =>
    /** @type {Promise<void>} */
    (
      new Promise((resolve) => {
        child = fork(WORKER, { stdio: ["ignore", "ignore", "ignore", "ipc"] });
        child.on("message", (/** @type {any} */ message) => (message.ready ? resolve() : answer?.(message)));
        child.on("exit", (code, signal) => {
          child = null;
          answer?.({ code: null, failed: [`ended with ${signal ?? code}`] });
          resolve();
        });
      })
    );
  return {
    async run(args) {
      if (child === null) await start();
      const running = child;
      let why = null;
      const stop = (reason) => {
        why = reason;
        running.kill("SIGKILL");
      };
      const before = statOf(running.pid)?.seconds ?? 0;
      const timer = setTimeout(() => stop("hang"), LATEST);
      const watch = setInterval(() => {
        if (residentBytes(running.pid) > MEMORY) stop("memory");
        if ((statOf(running.pid)?.seconds ?? 0) - before > LIMIT) stop("hang");
      }, 250);
      const outcome = await new Promise((resolve) => {
        answer = resolve;
        running.send({ args });
      });
      answer = null;
      clearTimeout(timer);
      clearInterval(watch);
      return why === null ? outcome : { ...outcome, code: null, failed: [why] };
    },
    close: () => child?.kill(),
  };
}

function residentBytes(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
  } catch {
    return 0; // Where there is no such file, nothing is watched.
  }
}

/** Runs both commands on a folder; what they gave, in a form that can be compared. */
async function results(commands, folder, { model, given = ["--inputs", join(folder, "inputs.json")] }) {
  const path = join(folder, model);
  const out = join(folder, "run");
  const inspected = await commands.run(["inspect", path, "--json"]);
  const probed = await commands.run(["probe", path, ...given, "--out", out, "--save-states", "--json", "--quiet"]);
  const states = probed.code === 0 ? await readStates(join(out, "states.safetensors")) : null;
  rmSync(out, { recursive: true, force: true });
  return {
    inspect: { ...inspected, result: inspected.code === 0 ? described(inspected.printed) : null },
    probe: { ...probed, result: states },
  };
}

const described = (json) => JSON.stringify(Object.entries(JSON.parse(json)).filter(([key]) => !HARMLESS.has(key)));

async function readStates(path) {
  const file = await openSafetensors(path);
  const layers = {};
  for (const name of file.tensors.keys())
    if (/hidden_states|final_norm/.test(name)) layers[name] = (await readFloats(file, name)).x;
  await file.close();
  return layers;
}

function same(a, b) {
  if (typeof a === "string") return a === b;
  const names = Object.keys(a);
  if (names.join() !== Object.keys(b).join()) return false;
  return names.every(
    (name) => a[name].length === b[name].length && a[name].every((value, i) => Math.abs(value - b[name][i]) <= 1e-6),
  );
}

/** What became of one command on one damaged file. */
function outcomeOf({ code, failed, result }, whole, structure) {
  if (code === null) return failed[0] === "hang" ? "hang" : "crash";
  if (code >= 2 && code <= 5) return failed.length === 1 && !failed[0].includes("\n") ? "refused" : "message";
  if (code !== 0) return "crash";
  if (same(result, whole.result)) return "equal";
  return structure ? "accepted" : "other";
}

/** The n-th mutation of a target. Those that change nothing are drawn again. */
function mutate(target, n) {
  const original = target.files[target.damaged];
  const kinds = Object.keys(target.mutations);
  for (let again = 0; ; again++) {
    const r = random(
      Number(options.seed) * 1_000_003 +
        n * 1009 +
        again * 7 +
        [...target.name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) | 0, 0),
    );
    // Half the files have flipped bits, changed runs of bytes or ends cut off; the other half one of the rest each.
    const kind = r.below(2) === 0 ? r.pick(["bitFlip", "byteRun", "truncated"]) : kinds[n % kinds.length];
    const { bytes, hit, structure } = target.mutations[kind](original, r, target.other);
    if (Buffer.compare(Buffer.from(bytes), Buffer.from(original)) === 0) continue;
    const judged = structure ?? (target.parses ? !target.parses(bytes) : !target.isNumbers(original, hit));
    return { kind, bytes, hit, structure: target.parses ? !target.parses(bytes) : judged };
  }
}

/** The lines of an earlier piece of this campaign. */
const tried =
  options.log && existsSync(options.log)
    ? readFileSync(options.log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
const isOfThis = (target) => (row) => row.target === target.name && row.seed === options.seed;

async function attack(target, commands, home, rows) {
  const total = Math.round(target.count * Number(options.scale));
  const earlier = tried.filter(isOfThis(target));
  rows.push(...earlier);
  const open = Array.from({ length: total }, (_, n) => n).filter(
    (n) => !earlier.some((row) => row.n === n && row.command === "probe"),
  );
  if (open.length === 0) return total;
  const pristine = join(home, target.name.replaceAll(/\W/g, "-"));
  writeTarget(target, pristine);
  const whole = await results(commands[0], pristine, target);
  if (whole.probe.code !== 0) throw new Error(`${target.name}: ${whole.probe.failed}`);
  await Promise.all(
    commands.map(async (own, k) => {
      const folder = `${pristine}-${k}`;
      writeTarget(target, folder);
      for (let n = open.shift(); n !== undefined; n = open.shift()) {
        const { kind, bytes, hit, structure } = mutate(target, n);
        writeFileSync(join(folder, target.damaged), bytes);
        const given = target.given ?? ["--inputs", join(folder, "inputs.json")];
        const found = await results(own, folder, { ...target, given });
        for (const command of ["inspect", "probe"]) {
          const outcome = outcomeOf(found[command], whole[command], structure);
          const row = { target: target.name, seed: options.seed, n, command, outcome };
          rows.push(row);
          if (options.log) appendFileSync(options.log, `${JSON.stringify(row)}\n`);
          if (["refused", "equal", "other"].includes(outcome)) continue;
          console.error(`${outcome}: ${command} ${target.name} #${n} ${kind} ${hit ?? ""}: ${found[command].failed}`);
          if (options.keep)
            cpSync(folder, join(options.keep, `${target.name.replaceAll(/\W/g, "-")}-${n}-${kind}`), {
              recursive: true,
            });
        }
      }
      rmSync(folder, { recursive: true, force: true });
    }),
  );
  return total;
}

const home = mkdtempSync(join(tmpdir(), "tokensphere-damage-"));
const commands = Array.from({ length: Number(options.jobs) }, commander);
const OUTCOMES = ["refused", "equal", "other", "accepted", "message", "crash", "hang"];
const started = performance.now();
const rows = [];
let files = 0;
console.log(
  "| damaged file | files | command | refused | same result | other numbers | damaged structure accepted | not one line | crash | hang |",
);
console.log("|---|---|---|---|---|---|---|---|---|---|");
try {
  for (const target of targets()) {
    if (options.only && !target.name.includes(options.only)) continue;
    const count = await attack(target, commands, home, rows);
    files += count;
    for (const command of ["inspect", "probe"]) {
      const counts = OUTCOMES.map(
        (outcome) =>
          rows.filter((row) => row.target === target.name && row.command === command && row.outcome === outcome).length,
      );
      console.log(`| ${target.name} | ${count} | ${command} | ${counts.join(" | ")} |`);
    }
  }
} finally {
  for (const own of commands) own.close();
  rmSync(home, { recursive: true, force: true });
}
const bad = rows.filter(({ outcome }) => !["refused", "equal", "other"].includes(outcome)).length;
console.log(
  `\n${files} files, ${rows.length} commands, ${bad} that should not be, in ${((performance.now() - started) / 1000).toFixed(0)} s.`,
);
process.exitCode = bad > 0 ? 1 : 0;
