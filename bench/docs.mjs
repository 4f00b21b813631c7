// Prints docs/formats.md, docs/commands.md and the man page from the built program: npm run build && node bench/docs.mjs
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { processEffects } from "../dist/src/effects/process-effects.js";
import { VERSION } from "../dist/src/effects/version.js";
import { FORMATS } from "../dist/src/formats/formats.js";
import { buildProgram } from "../dist/src/program.js";
import { commandsPage } from "./docs/commands-page.mjs";
import { formatsPage } from "./docs/formats-page.mjs";
import { manPage } from "./docs/man-page.mjs";
import { docsPath } from "./put-into-docs.mjs";

writeFileSync(docsPath("formats.md"), formatsPage(FORMATS, z.toJSONSchema));
const program = buildProgram(processEffects(process.argv), []);
writeFileSync(docsPath("commands.md"), commandsPage(program));
writeFileSync(docsPath("tokensphere.1"), manPage(program, VERSION));
