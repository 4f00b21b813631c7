import { familyLabel } from "../laws/families.ts";
import { rogueWarnings } from "../who/rogue-warnings.ts";
import { escapeHtml, section } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** What limits the findings, in words: warnings of the model's reading and of each family's fit. */
export function warnings({ manifest, fit, coordinates = [] }: ReportInput): string {
  const read = Array.isArray(manifest.warnings) ? manifest.warnings.filter((one) => typeof one === "string") : [];
  const fitted = (fit?.families ?? []).flatMap((family) =>
    family.warnings.map((text) => named(familyLabel(family), text)),
  );
  const all = [...new Set([...read, ...rogueWarnings(coordinates), ...fitted])];
  if (all.length === 0) return section("warnings", "Warnings", "<p>None.</p>\n");
  return section("warnings", "Warnings", `<ul>${all.map((text) => `<li>${escapeHtml(text)}</li>`).join("\n")}</ul>\n`);
}

/** Says which family is meant, once. */
function named(label: string, text: string): string {
  return text.startsWith(`${label}: `) ? text : `${label}: ${text}`;
}
