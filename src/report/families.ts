import type { ComparedFit, LevelledFamily } from "../comparison/comparison.ts";
import { familyLabel, isFrozen } from "../laws/families.ts";
import { formatFixed, formatSignificant, percent } from "../words/format-number.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const HEADS = [
  "family",
  "β",
  "95 % interval",
  "mean W₁",
  "skill",
  "held-out W₁",
  "held-out skill",
  "time",
  "end time",
  "parameters",
];

/** Every family under the time map chosen for all, and under the other one for comparison. */
export function families({ fit }: ReportInput): string {
  if (fit === null) return "";
  const chosen = table(
    "Under the time map chosen for all families. Linear: equal steps of time for all layers; monotone: any non-decreasing times.",
    HEADS,
    fit.families.map((family) => row(family, fit)),
    "numbers",
  );
  const other = table(
    "Under the other time map, for comparison.",
    HEADS,
    fit.alternatives.map((family) => row(family, null)),
    "numbers",
  );
  const body = `${chosen}<p>Skill is 1 − W₁/W₁(frozen): 1 is perfect, 0 no better than assuming that nothing moves, negative worse. Held-out layers are left out of the fit in turn and their times interpolated.</p>\n`;
  return section("families", "Families", body + (fit.alternatives.length > 0 ? other : ""));
}

function row(family: LevelledFamily, fit: ComparedFit | null): readonly string[] {
  const { beta, beta_interval: interval } = family;
  const name = escapeHtml(familyLabel(family));
  const best = fit?.best === family.name;
  return [
    best ? `<b>${name}</b> <small>best</small>` : name,
    beta === null ? "–" : formatSignificant(beta),
    interval ? `${formatSignificant(interval[0])} … ${formatSignificant(interval[1])}` : "–",
    formatFixed(family.w1),
    percent(family.skill),
    formatFixed(family.w1_held_out),
    percent(family.skill_held_out),
    isFrozen(family.name) ? "–" : family.time.map,
    isFrozen(family.name) ? "–" : formatSignificant(family.time.values.at(-1)),
    String(family.complexity),
  ];
}

/** How a family is called where its name alone is at hand: as among the fitted ones, which averaging is none of. */
export function labelAmong(fitted: readonly Parameters<typeof familyLabel>[0][], name: string): string {
  const found = fitted.find((family) => family.name === name);
  return found ? familyLabel(found) : name;
}
