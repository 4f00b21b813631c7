// Whether the Python of the repository is formatted and free of slips (ruff.toml): node bench/python-format.mjs [--write]
// Without ruff (pip install ruff) it says so, and passes.

import { spawnSync } from "node:child_process";

const FOLDERS = ["bench", "models/bundled/training", "test/fixtures"];
const write = process.argv.includes("--write");

/** @returns {number | null} its exit code; null where there is no ruff. */
function ruff(/** @type {string[]} */ args) {
  const { error, status } = spawnSync("ruff", [...args, ...FOLDERS], { stdio: "inherit" });
  const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  return code === "ENOENT" ? null : (status ?? 1);
}

const codes = [
  ruff(["check", "--quiet", ...(write ? ["--fix"] : [])]),
  ruff(["format", ...(write ? [] : ["--check"])]),
];
if (codes.includes(null)) console.log("Python: not looked at, ruff is not installed");
process.exitCode = Math.max(...codes.map((code) => code ?? 0));
