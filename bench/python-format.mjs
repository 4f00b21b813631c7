// Whether the Python of the repository is formatted: node bench/python-format.mjs [--write]. Without ruff (pip install ruff) it says so.

import { spawnSync } from "node:child_process";

const FOLDERS = ["bench", "models/bundled/training", "test/fixtures"];
const check = process.argv.includes("--write") ? [] : ["--check"];
const { error, status } = /** @type {{ error?: NodeJS.ErrnoException, status: number | null }} */ (
  spawnSync("ruff", ["format", ...check, "--line-length", "120", ...FOLDERS], { stdio: "inherit" })
);
if (error?.code === "ENOENT") console.log("Python: not looked at, ruff is not installed");
process.exitCode = error?.code === "ENOENT" ? 0 : (status ?? 1);
