import { processEffects } from "./effects/process-effects.ts";
import { endWithParent } from "./processes/end-with-parent.ts";
import { runProgram } from "./program.ts";

/** The program of the command line, in this process. */
if (process.connected) endWithParent();
process.exitCode = await runProgram(process.argv.slice(2), processEffects(process.argv));
