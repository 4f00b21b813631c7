// What `npm start` says, into README.md, and its pictures into docs/: so that neither is written by hand.
//
//     npm run build && npm start -- --out RUN && node bench/start.mjs RUN
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { loopedInWords } from "../dist/src/figures/looped-in-words.js";
import { readRun } from "../dist/src/run/read-run.js";
import { docsPath, putIntoDocs } from "./put-into-docs.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("give the folder of a run of `npm start`");
const { data, manifest } = readRun(folder);

const seconds = manifest.stages.reduce((sum, stage) => sum + stage.seconds, 0);
const longest = manifest.stages.toSorted((a, b) => b.seconds - a.seconds)[0];
const time = `(This run took ${Math.round(seconds)} s, ${Math.round(longest.seconds)} of them for: ${longest.stage}.)`;

// Up to what the numbers are evidence of; what follows is in the report.
const sentences = data.fit.verdict.split(/(?<=\.) (?=[A-Z])/);
const last = sentences.findIndex((sentence) => sentence.startsWith("So "));
const kept = sentences.slice(0, last < 0 ? 6 : last + 1);
const said = [...kept, "…", ...loopedInWords(data.variants)].join(" ");
putIntoDocs("start", [...wrapped(said, 136).map((line) => `> ${line}`), "", time], "../README.md");

copyFileSync(join(folder, "layerHistograms.png"), docsPath("figure1.png"));
copyFileSync(join(folder, "figure1.png"), docsPath("figure1-looped.png"));

function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(/ (?!%)/)) {
    if (lines.at(-1).length + word.length >= width) lines.push("");
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}
