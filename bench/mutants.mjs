// Plants wrong numbers and signs one by one and runs the tests that should see them: node bench/mutants.mjs [NAME …] [--docs]
// One test run a mutant, 5 to 30 s each. Only in a checkout without changes: sources are written over and put back.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { MUTANTS } from "./mutants/list.mjs";
import { putIntoDocs } from "./put-into-docs.mjs";

const root = resolve(import.meta.dirname, "..");
const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const asked = names.length === 0 ? MUTANTS : MUTANTS.filter(({ name }) => names.includes(name));

/** @param {(typeof MUTANTS)[number]} mutant */
function survives({ file, find, replace, tests }) {
  const path = resolve(root, file);
  const source = readFileSync(path, "utf8");
  if (source.split(find).length !== 2) throw new Error(`mutant: ${find}. stands not once in ${file}`);
  const restore = () => writeFileSync(path, source);
  process.once("SIGINT", restore);
  try {
    writeFileSync(
      path,
      source.replace(find, () => replace),
    );
    const run = spawnSync("npx", ["vitest", "run", "--bail", "1", ...tests], { cwd: root, encoding: "utf8" });
    // A run that found no tests says nothing of the mutant.
    if (/No test files found/.test(run.stdout + run.stderr)) throw new Error(`mutant: no tests in ${tests.join(" ")}`);
    return run.status === 0;
  } finally {
    restore();
    process.removeListener("SIGINT", restore);
  }
}

const rows = asked.map((mutant) => {
  const alive = survives(mutant);
  console.log(`${alive ? "survives" : "killed  "}  ${mutant.name}`);
  return { ...mutant, alive };
});
const killed = rows.filter(({ alive }) => !alive).length;
console.log(`${killed} of ${rows.length} killed`);

if (process.argv.includes("--docs")) {
  const lines = rows.map(({ name, file, find, replace, alive, why = "" }) => {
    const code = (/** @type {string} */ text) => `\`${text.trim().replaceAll("|", "\\|")}\``;
    return `| ${name} | ${file} | ${code(find)} | ${code(replace)} | ${alive ? `survives: ${why || "no test sees it"}` : "killed"} |`;
  });
  const head = ["| mutant | where | from | to | |", "|---|---|---|---|---|"];
  putIntoDocs("mutants", [`${killed} of ${rows.length} are killed.`, "", ...head, ...lines], "../bench/README.md");
}
