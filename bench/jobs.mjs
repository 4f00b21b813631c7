// Runs many jobs over a few processes and keeps every row as a line of a file, so that what was interrupted goes on where it was.
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MEASURED = ["../dist", "clouds"].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));

/** A name of what is measured, the library's build and the clouds: rows of another one are not mixed with its own. */
export function buildStamp() {
  const hash = createHash("sha256");
  for (const folder of MEASURED) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.m?js$/.test(name));
    for (const name of files.sort()) hash.update(name).update(readFileSync(`${folder}/${name}`));
  }
  return hash.digest("hex").slice(0, 12);
}

/**
 * Rows of all jobs, in the jobs' order: {id, build, seconds, row}. A job is plain data with an `id`; `worker` is the URL of a script that
 * calls `answer`. Lines of the file that are of this build, or of any where `anyBuild` is true, are taken as they are.
 */
export async function runJobs({ worker, jobs, file, processes, build = buildStamp(), anyBuild = false, say = talk }) {
  const kept = readLines(file).filter((line) => anyBuild || line.build === build);
  const done = new Map(kept.map((line) => [line.id, line]));
  const open = jobs.filter(({ id }) => !done.has(id));
  if (open.length < jobs.length) say(`${file}: ${jobs.length - open.length} of ${jobs.length} are there`);
  const failures = [];
  const begin = performance.now();
  let ended = 0;
  const take = (job, message) => {
    ended++;
    const left = ((performance.now() - begin) / 60_000 / ended) * (open.length - ended);
    const outcome = message.error ?? `${message.seconds.toFixed(1)} s`;
    say(`${done.size + 1}/${jobs.length} ${job.id}: ${outcome}; about ${left.toFixed(0)} min left`);
    if (message.error) return void failures.push(`${job.id}: ${message.error}`);
    const line = { id: job.id, build, ...message };
    done.set(job.id, line);
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const queue = [...open];
  await Promise.all(Array.from({ length: Math.min(processes, open.length) }, () => work(worker, queue, take)));
  if (failures.length > 0)
    throw new Error(`${failures.length} jobs failed; start again to repeat them:\n${failures.join("\n")}`);
  return jobs.map(({ id }) => done.get(id));
}

/** The jobs that have a line in the file, of whichever build. */
export function jobsThere(jobs, file) {
  const there = new Set(readLines(file).map(({ id }) => id));
  return jobs.filter(({ id }) => there.has(id));
}

/** @type {(text: string) => void} */
const talk = (text) => void process.stderr.write(`${text}\n`);

/** A last line that was cut off when the run was is no line: it is taken out of the file. */
function readLines(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  if (lines.pop() !== "") writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return lines.map((line) => JSON.parse(line));
}

/** One process after another takes jobs until none is left; one that dies fails its job and is replaced. */
async function work(worker, queue, take) {
  while (queue.length > 0) {
    const child = fork(fileURLToPath(worker));
    try {
      for (let job = queue.shift(); job; job = queue.shift()) {
        const message = await ask(child, job);
        take(job, message);
        if (message.dead) break;
      }
    } finally {
      child.kill();
    }
  }
}

function ask(child, job) {
  return new Promise((resolve) => {
    const onExit = (code, signal) => resolve({ error: `the process ended (${signal ?? code})`, dead: true });
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
    child.send(job);
  });
}

/** What a worker's script calls: each job is answered with its row and seconds, or with the error's message. */
export function answer(rowOf) {
  process.on("message", async (job) => {
    const begin = performance.now();
    try {
      const row = await rowOf(job);
      process.send({ seconds: (performance.now() - begin) / 1000, row });
    } catch (error) {
      process.send({ error: error.stack ?? String(error) });
    }
  });
}
