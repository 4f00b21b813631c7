import type { HeldKind } from "../fit/fit-result.ts";
import { isFrozen } from "../laws/families.ts";
import { formatSignificant, percent } from "../words/format-number.ts";
import { labelAmong } from "./families.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

const HEADS = ["", "distribution", "pairs", "tokens", "z pairs", "z tokens"];

const CAPTION =
  "Skill at each level: 1 − error/error of nothing moving. Distribution: W₁ of inner products; pairs: squared error of the same pair's inner product; tokens: distance to the token's own place at the last layer. z: how much nearer the best family is, in standard errors; of a family how much nearer than the other one next to it. In brackets what no family has to beat: other laws, what sees the layer it predicts, nulls, controls; a ceiling is known of distributions alone, for pairs and tokens are there once.";

/** Everything that has no attention in it beside the families, and what families give on layers, texts and tokens they were not fitted to. */
export function rivals({ fit }: ReportInput): string {
  if (!fit?.rivals) return "";
  const { families, rivals: all, ceiling, conclusions = [] } = fit;
  const moving = families.filter(({ name }) => !isFrozen(name));
  const rows = [
    ...moving.map((one) => [
      `<b>${escapeHtml(one.label ?? one.name)}</b>`,
      percent(one.skill),
      percent(one.pair_skill),
      percent(one.token_skill),
      one.pair_z == null ? "–" : formatSignificant(one.pair_z),
      "",
    ]),
    ...all
      .filter(({ name }) => !isFrozen(name))
      .map((one) => [
        escapeHtml(one.rival ? one.label : `(${one.label})`),
        ...[one.w1_skill, one.pair_skill, one.token_skill].map(percent),
        ...[one.pair_z, one.token_z].map(formatSignificant),
      ]),
    ...(ceiling
      ? [
          [
            `(noise ceiling: ${ceiling.by === "texts" ? "other texts" : "the other half of the tokens"})`,
            `${percent(ceiling.lower)} to ${percent(ceiling.upper)}`,
            "–",
            "–",
            "–",
            "–",
          ],
        ]
      : []),
  ];
  const texts =
    conclusions.length < 2
      ? ""
      : table(
          "Each text by itself.",
          ["text", "conclusion", "nearest family"],
          conclusions.map((one) => [String(one.text), one.conclusion.replace("_", " "), escapeHtml(one.best)]),
        );
  return section("rivals", "Without attention", table(CAPTION, HEADS, rows, "numbers") + heldOut(fit) + texts);
}

const KINDS: Readonly<Record<HeldKind, string>> = {
  layers: "inner layers in turn",
  last_third: "last third of the layers, equal steps",
  texts: "other texts",
  tokens: "other half of the tokens",
};

function heldOut({ held_out = [], families }: NonNullable<ReportInput["fit"]>): string {
  const told = held_out.filter(({ family, w1_skill }) => !isFrozen(family) && w1_skill !== null);
  if (told.length === 0) return "";
  const cells = told.map((row) => [
    KINDS[row.kind],
    escapeHtml(labelAmong(families, row.family)),
    ...[row.w1_skill, row.pair_skill, row.token_skill].map(percent),
  ]);
  const heads = ["held out", "family", "distribution", "pairs", "tokens"];
  return table("Skill on what was not fitted to.", heads, cells, "numbers named");
}
