// The rows of bench/refusal.mjs in words, as Markdown and as CSV.

export const TRUTHS = {
  attention: "moves as SA or USA with V = I: must be called attention",
  other: "must never be called attention",
  kin: "attention of another form: either is true, none counts as wrong",
  undecidable: "one trajectory cannot tell: none counts as wrong",
};

const number = (value, digits = 2) => (value === null || value === undefined ? "–" : value.toFixed(digits));
const both = (one) => (one ? `${number(one.pairs)} / ${number(one.tokens)}` : "–");
const words = (conclusion) => conclusion.replace("_", " ");

export const isRight = ({ expected, conclusion }) => expected.includes(conclusion);
/** What the bench fails by: attention that is refused, or something else that is called attention. */
export const isFailure = ({ truth, conclusion }) =>
  (truth === "attention" && conclusion !== "attention") || (truth === "other" && conclusion === "attention");

/** Names of all rivals but frozen, whose skill is 0 by definition. */
const rivalNames = (rows) =>
  [...new Set(rows.flatMap(({ rivals }) => rivals.map(({ name }) => name)))].filter((name) => name !== "frozen");

function markdownRow(row, rivals) {
  const { name, seed, n, d, layers, truth, family, beta, conclusion, winner, tie } = row;
  const law = family ? ` (${family.toUpperCase()} ${beta})` : "";
  const cells = [
    `${name}${seed === null ? "" : `, seed ${seed}`}`,
    `${n} × ${d}, ${layers}`,
    `${truth}${law}`,
    words(conclusion),
    truth === "kin" || truth === "undecidable" ? "–" : isRight(row) ? "yes" : isFailure(row) ? "**NO**" : "no",
    `${tie.length > 1 ? tie.join(" = ") : winner.name}, ${number(winner.beta, 2)}`,
    both(winner),
    number(winner.cosine),
    ...rivals.map((name) => both(row.rivals.find((one) => one.name === name))),
  ];
  return `| ${cells.join(" | ")} |`;
}

export function markdownTable(rows) {
  const rivals = rivalNames(rows);
  const head = [
    "cloud",
    "n × d, layers",
    "truth",
    "conclusion",
    "right",
    "nearest family, β",
    "its pairs / tokens",
    "displacement cosine",
    ...rivals.map((name) => `${words(name)}: pairs / tokens`),
  ];
  return [`| ${head.join(" | ")} |`, `|${"---|".repeat(head.length)}`, ...rows.map((row) => markdownRow(row, rivals))];
}

export function whyTable(rows) {
  const lines = rows.filter(
    ({ seed }, at) => seed === null || rows.findIndex(({ name }) => name === rows[at].name) === at,
  );
  return [
    "| cloud | what moves | may be concluded |",
    "|---|---|---|",
    ...lines.map(
      ({ name, why, expected }) =>
        `| ${name} | ${why} | ${expected.length === 5 ? "anything" : expected.length === 4 ? "anything but attention" : expected.map(words).join(", ")} |`,
    ),
  ];
}

/** How many are right, in words: one line a kind of truth. */
export function counts(rows) {
  const lines = Object.entries(TRUTHS).flatMap(([truth, meaning]) => {
    const some = rows.filter((row) => row.truth === truth);
    if (some.length === 0) return [];
    const called = some.filter(({ conclusion }) => conclusion === "attention").length;
    const right = some.filter(isRight).length;
    const told = truth === "attention" || truth === "other" ? `, ${right} right` : "";
    return [`- ${truth} (${meaning}): ${some.length} clouds, ${called} called attention${told}.`];
  });
  const known = rows.filter(
    ({ truth, family, conclusion }) => truth === "attention" && family && conclusion === "attention",
  );
  const named = known.filter(({ family, winner, tie }) => winner.name === family || tie.includes(family)).length;
  return [
    ...lines,
    `- of ${known.length} clouds of known family called attention, the family is named, alone or in a tie, in ${named}.`,
  ];
}

export function csv(rows) {
  const rivals = rivalNames(rows);
  const families = [...new Set(rows.flatMap((row) => row.families.map(({ name }) => name)))].filter(
    (name) => name !== "frozen",
  );
  const levels = ["w1", "pairs", "tokens"];
  const head = [
    ...[
      "cloud",
      "seed",
      "n",
      "d",
      "layers",
      "truth",
      "family",
      "beta",
      "expected",
      "conclusion",
      "right",
      "failure",
      "best",
      "tie",
      "seconds",
    ],
    ...families.flatMap((name) => ["beta", ...levels, "cosine", "z"].map((what) => `${name}_${what}`)),
    ...rivals.flatMap((name) => levels.map((what) => `${name}_${what}`)),
  ];
  const line = (row) => [
    ...[
      row.name,
      row.seed ?? "",
      row.n,
      row.d,
      row.layers,
      row.truth,
      row.family ?? "",
      row.beta ?? "",
      row.expected.join(" "),
      row.conclusion,
    ],
    ...[isRight(row), isFailure(row), row.best, row.tie.join(" "), row.seconds.toFixed(1)],
    ...families.flatMap((name) => cells(row.families, name, ["beta", ...levels, "cosine", "z"])),
    ...rivals.flatMap((name) => cells(row.rivals, name, levels)),
  ];
  return `${[head, ...rows.map(line)].map((cells) => cells.join(",")).join("\n")}\n`;
}

function cells(list, name, keys) {
  const one = list.find((other) => other.name === name);
  return keys.map((key) => one?.[key] ?? "");
}
