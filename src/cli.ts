#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { supervise } from "./processes/supervise.ts";

const [, , ...args] = process.argv;

/** What is answered at once, or is to be looked into, needs nobody who watches over it. */
const alone =
  args.length === 0 ||
  ["help", "completion"].includes(args[0]) ||
  args.some((word) => ["-h", "--help", "-V", "--version"].includes(word)) ||
  process.execArgv.some((flag) => flag.startsWith("--inspect"));

if (alone) await import("./cli-child.ts");
else process.exitCode = await supervise(fileURLToPath(new URL("./cli-child.js", import.meta.url)), args);
