#!/usr/bin/env node
import { processEffects } from "./effects/process-effects.ts";
import { runProgram } from "./program.ts";

process.exitCode = await runProgram(process.argv.slice(2), processEffects(process.argv));
