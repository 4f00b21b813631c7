import { attentionSection } from "./attention-section.ts";
import { brief } from "./brief.ts";
import { explorerScripts, explorerSection, folded } from "./explorer-section.ts";
import { EXPLORER_STYLE } from "./explorer-style.ts";
import { families } from "./families.ts";
import { figuresSection } from "./figures-section.ts";
import { escapeHtml } from "./html.ts";
import { keyNumbers } from "./key-numbers.ts";
import { provenance } from "./provenance.ts";
import type { ReportInput } from "./report-input.ts";
import { rivals } from "./rivals.ts";
import { STYLE } from "./style.ts";
import { updatesSection } from "./updates-section.ts";
import { variants } from "./variants.ts";
import { verdict } from "./verdict.ts";
import { warnings } from "./warnings.ts";
import { whoSection } from "./who-section.ts";

/** Nothing is fetched or sent, and nothing runs but the script that is in the page: what it needs is there too. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * A run as one self-contained HTML page that opens offline: what was found in words, key numbers, figures, families,
 * warnings, and how it was made.
 *
 *     verdict ─ explorer ─ key numbers ─ figures ─ readings of the weights ─ families ─ attention ─ updates ─ who clusters ─ warnings ─ provenance
 *
 * Pure: the same data give the same page. All text is escaped; the SVG of the figures is taken as it is and must come
 * from our own renderer.
 */
export function reportHtml(run: ReportInput): string {
  const title = escapeHtml(run.title);
  const { explorer: data, script, manifest } = run;
  const explorer = data && script ? { data, script, manifest } : null;
  const policy = explorer ? `${POLICY}; script-src '${explorer.script.hash}'` : POLICY;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}${explorer ? EXPLORER_STYLE : ""}</style>
</head>
<body>
<header><h1>${title}</h1>
${explorer ? folded(verdict(run), brief(run.fit)) : verdict(run)}${noteOf(manifest)}</header>
${explorer ? explorerSection(explorer) : ""}<main>
${keyNumbers(run)}${figuresSection(run)}${variants(run)}${families(run)}${rivals(run)}${attentionSection(run)}${updatesSection(run)}${whoSection(run)}${warnings(run)}${provenance(run)}</main>
<footer>Made by tokensphere. The theory: P. Rigollet, “The mean-field dynamics of transformers”, arXiv:2512.01868; B. Geshkovski, C. Letrouit, Y. Polyanskiy and P. Rigollet, “A mathematical perspective on transformers”.</footer>
${explorer ? explorerScripts(explorer) : ""}</body>
</html>
`;
}

/** What the user remarked. */
function noteOf({ note }: ReportInput["manifest"]): string {
  return typeof note === "string" ? `<p class="size">Note: ${escapeHtml(note)}</p>\n` : "";
}
