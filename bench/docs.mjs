// Prints docs/formats.md and docs/commands.md from the built program: npm run build && node bench/docs.mjs
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { processEffects } from "../dist/src/effects/process-effects.js";
import { FORMATS } from "../dist/src/formats/formats.js";
import { buildProgram } from "../dist/src/program.js";
import { commandsPage } from "./docs/commands-page.mjs";
import { formatsPage } from "./docs/formats-page.mjs";
import { docsPath } from "./put-into-docs.mjs";

writeFileSync(docsPath("formats.md"), formatsPage(FORMATS, z.toJSONSchema));
writeFileSync(docsPath("commands.md"), commandsPage(buildProgram(processEffects(process.argv), [])));
