// What `compare` costs, stage by stage, beside another build in the same minutes: processor time is what counts on a machine that others use.
//
//     npm run build && node bench/stages.mjs OTHER_CHECKOUT [--rounds 1] [-- ARGUMENTS OF compare]
//
// Both builds take turns. Without OTHER_CHECKOUT only this one is measured; without arguments it is `npm start`.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { timedCommand } from "./timed-command.mjs";

const split = process.argv.indexOf("--", 2);
const own = process.argv.slice(2, split < 0 ? undefined : split);
const given = split < 0 ? [] : process.argv.slice(split + 1);
const { values, positionals } = parseArgs({
  args: own,
  allowPositionals: true,
  options: { rounds: { type: "string", default: "1" } },
});
const builds = [resolve(import.meta.dirname, ".."), ...positionals.map((path) => resolve(path))];

const runs = builds.map(() => []);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [b, build] of builds.entries()) runs[b].push(measured(build));
}
const best = runs.map((all) => all.reduce((a, b) => (b.processor < a.processor ? b : a)));
const names = [...new Set(best.flatMap(({ stages }) => [...stages.keys()]))];
const [mine, other] = best;
const row = (name, a, b) =>
  `${name.padEnd(22)}${a.toFixed(1).padStart(9)}${b === undefined ? "" : `${b.toFixed(1).padStart(9)}${(a / b).toFixed(2).padStart(8)}`}`;
console.log(
  `${"seconds".padEnd(22)}${"this".padStart(9)}${other ? `${"other".padStart(9)}${"ratio".padStart(8)}` : ""}`,
);
for (const name of names) console.log(row(name, mine.stages.get(name) ?? 0, other && (other.stages.get(name) ?? 0)));
console.log(row("table of measures at", mine.table, other?.table));
console.log(row("wall time, all", mine.wall, other?.wall));
console.log(row("processor time, all", mine.processor, other?.processor));

/** One run of a build, its stages by name. */
function measured(build) {
  const { stages, ...times } = timedCommand(build, ["compare", ...given]);
  return { ...times, stages: new Map(stages.map(({ stage, seconds }) => [stage, seconds])) };
}
