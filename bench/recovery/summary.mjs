// What the rows of bench/recovery.mjs come to: errors of β, coverage, ranks, and which family is named.

export const LEVELS = [50, 80, 95];
/** |z| from which the family must be right, and how often. */
export const CLEAR = 2;
export const MUST_BE_RIGHT = 0.95;

const ofTruth = ({ truth, families }) => families[truth.family];
const sorted = (values) => Float64Array.from(values).sort();
const quantile = (values, q) => {
  const x = sorted(values);
  const at = q * (x.length - 1);
  const low = Math.floor(at);
  return x[low] + (at - low) * ((x[low + 1] ?? x[low]) - x[low]);
};

/** Groups whose numbers are shown: all, and by noise, n, d, time, start and β. */
export function groups(rows) {
  const by = (label, test) => ({ label, rows: rows.filter(({ truth }) => test(truth)) });
  return [
    by("all", () => true),
    ...[0, 0.03, 0.1].map((noise) => by(`noise ${noise}`, (truth) => truth.noise === noise)),
    ...[32, 128].map((n) => by(`n = ${n}`, (truth) => truth.n === n)),
    ...[8, 64].map((d) => by(`d = ${d}`, (truth) => truth.d === d)),
    ...["sa", "usa"].map((family) => by(family.toUpperCase(), (truth) => truth.family === family)),
    ...["linear", "power"].map((map) => by(`${map} time`, (truth) => truth.map === map)),
    by("β < 2.4", ({ beta }) => beta < 2.4),
    by("β ≥ 2.4", ({ beta }) => beta >= 2.4),
  ].filter((group) => group.rows.length > 0);
}

/** β corrected for noise, which its intervals are around; as found where nothing was to correct. */
export const correctedBeta = (row) => ofTruth(row).corrected?.beta ?? ofTruth(row).beta;

/** Of β of the true family, as found or corrected for noise: errors as ln(found/true); bias is their median, error the median of their size. */
export function errors(rows, found = (row) => ofTruth(row).beta) {
  const logs = rows.map((row) => Math.log(found(row) / row.truth.beta));
  const sizes = logs.map(Math.abs);
  const rms = Math.sqrt(logs.reduce((sum, e) => sum + e * e, 0) / logs.length);
  return {
    count: rows.length,
    bias: quantile(logs, 0.5),
    error: quantile(sizes, 0.5),
    error90: quantile(sizes, 0.9),
    rms,
  };
}

/** How often the interval of a level holds the truth; `within`: nearer to the level than two standard errors of that many fits. */
export function coverage(rows, level) {
  const known = rows.filter((row) => ofTruth(row).intervals[level]);
  const holds = known.filter((row) => {
    const [low, high] = ofTruth(row).intervals[level];
    return low <= row.truth.beta && row.truth.beta <= high;
  }).length;
  const count = known.length;
  const nominal = level / 100;
  const error = Math.sqrt((nominal * (1 - nominal)) / count);
  return {
    count,
    holds,
    nominal,
    share: count ? holds / count : null,
    error,
    within: count > 0 && Math.abs(holds / count - nominal) <= 2 * error,
  };
}

/**
 * The rank of the truth among the resamples, as coarsely as equal-tailed intervals of 50, 80 and 95 % tell it: seven bins, from below
 * 2.5 % to above 97.5 %. Calibrated fits fill them as `expected` says; `p` is that of χ² with six degrees of freedom.
 */
export function ranks(rows) {
  const edges = [2.5, 10, 25, 75, 90, 97.5];
  const known = rows.filter((row) => LEVELS.every((level) => ofTruth(row).intervals[level]));
  const bins = [0, ...edges].map((from, b) => ({ from, to: edges[b] ?? 100, count: 0, expected: 0 }));
  for (const row of known) {
    const { 50: half, 80: most, 95: wide } = ofTruth(row).intervals;
    const quantiles = [wide[0], most[0], half[0], half[1], most[1], wide[1]];
    bins[quantiles.filter((q) => q < row.truth.beta).length].count++;
  }
  for (const bin of bins) bin.expected = (known.length * (bin.to - bin.from)) / 100;
  const chi2 = bins.reduce((sum, { count, expected }) => sum + (expected ? (count - expected) ** 2 / expected : 0), 0);
  return { count: known.length, bins, chi2, p: chiSquareTail(chi2, 3) };
}

/** P(χ² with 2m degrees of freedom > x), exact: a Poisson sum. */
function chiSquareTail(x, m) {
  let [term, sum] = [1, 1];
  for (let k = 1; k < m; k++) {
    term *= x / 2 / k;
    sum += term;
  }
  return Math.exp(-x / 2) * sum;
}

/** Counts [true][named] over SA, USA and frozen. A tie is counted by the family that is nearest. */
export function confusion(rows) {
  const names = ["sa", "usa", "frozen"];
  return Object.fromEntries(
    names
      .slice(0, 2)
      .map((family) => [
        family,
        Object.fromEntries(
          names.map((named) => [named, rows.filter((row) => row.truth.family === family && row.best === named).length]),
        ),
      ]),
  );
}

export const isClear = ({ z }) => z !== null && Math.abs(z) >= CLEAR;
export const shareRight = (rows) =>
  rows.length ? rows.filter(({ best, truth }) => best === truth.family).length / rows.length : null;

const percent = (share, digits = 1) =>
  share === null || !Number.isFinite(share) ? "–" : `${(100 * share).toFixed(digits)} %`;
const signed = (share) => `${share < 0 ? "−" : "+"}${percent(Math.abs(share), 2)}`;

function errorTable(rows) {
  const head =
    "| of | fits | bias of β | median error | nine in ten below | bias, corrected | median error | nine in ten below | 50 % holds | 80 % holds | 95 % holds |";
  const lines = groups(rows).map(({ label, rows: some }) => {
    const told = ({ bias, error, error90 }) => [signed(bias), percent(error, 2), percent(error90, 2)];
    const covers = LEVELS.map((level) => {
      const { share, within, error: se, count: known } = coverage(some, level);
      return known === 0 ? "–" : `${percent(share)} ± ${percent(se)}${within ? "" : " **off**"}`;
    });
    return `| ${[label, some.length, ...told(errors(some)), ...told(errors(some, correctedBeta)), ...covers].join(" | ")} |`;
  });
  return [head, `|${"---|".repeat(11)}`, ...lines];
}

function familyTable(rows) {
  const of = (title, some) => {
    const counted = confusion(some);
    return ["sa", "usa"].map((family) => {
      const { sa, usa, frozen } = counted[family];
      const named = counted.sa[family] + counted.usa[family];
      const right = counted[family][family];
      return `| ${[title, family.toUpperCase(), sa, usa, frozen, percent(right / (sa + usa + frozen)), percent(right / named)].join(" | ")} |`;
    });
  };
  return [
    "| fits | true | named SA | named USA | named frozen | P(named right, given the truth) | P(true, given the name) |",
    `|${"---|".repeat(7)}`,
    ...of("all", rows),
    ...[0, 0.03, 0.1].flatMap((noise) =>
      of(
        `noise ${noise}`,
        rows.filter(({ truth }) => truth.noise === noise),
      ),
    ),
    ...of(`z ≥ ${CLEAR}`, rows.filter(isClear)),
  ];
}

function rankLines(rows) {
  const { count, bins, chi2, p } = ranks(rows);
  if (count === 0) return ["No ranks: the fit gives no intervals of 50 and 80 %."];
  return [
    `Rank of the truth among the resamples, ${count} fits (χ² = ${chi2.toFixed(1)} of 6 degrees of freedom, p = ${p.toPrecision(2)}):`,
    "",
    `| between, % | ${bins.map(({ from, to }) => `${from} … ${to}`).join(" | ")} |`,
    `|${"---|".repeat(bins.length + 1)}`,
    `| found | ${bins.map(({ count: found }) => found).join(" | ")} |`,
    `| expected | ${bins.map(({ expected }) => expected.toFixed(1)).join(" | ")} |`,
  ];
}

/** The page's lines: sentences and tables. */
export function summaryLines(rows) {
  const clear = rows.filter(isClear);
  const right = shareRight(clear);
  const verdict =
    right === null
      ? "No fit tells its family at |z| ≥ 2."
      : `Where |z| ≥ ${CLEAR} (${clear.length} fits) the family is right in ${percent(right)}.`;
  return [
    `${rows.length} clouds: β of the true family, as it is fitted and corrected for noise, which is what the intervals are around; ± one standard error of a coverage of that level; **off** where it is more than two away.`,
    ...["", ...errorTable(rows), "", verdict, "", ...familyTable(rows), "", ...rankLines(rows)],
  ];
}

export function csv(rows) {
  const truth = ["id", "family", "beta", "map", "power", "n", "d", "noise", "start", "way", "moved"];
  const ends = LEVELS.flatMap((level) => [`low_${level}`, `high_${level}`]);
  const head = [
    ...truth,
    "named",
    "tie",
    "z",
    "conclusion",
    "beta_found",
    "beta_corrected",
    "noise_found",
    ...ends,
    "time_map",
    "beta_other",
    "seconds",
  ];
  const lines = rows.map((row) => {
    const own = ofTruth(row);
    const other = row.families[row.truth.family === "sa" ? "usa" : "sa"];
    const intervals = LEVELS.flatMap((level) => own.intervals[level] ?? ["", ""]);
    return [
      ...truth.map((key) => row.truth[key]),
      row.best,
      row.tie.join(" "),
      row.z ?? "",
      row.conclusion ?? "",
      own.beta,
      own.corrected?.beta ?? "",
      own.corrected?.noise ?? "",
      ...intervals,
      own.map,
      other.beta,
      row.seconds.toFixed(1),
    ];
  });
  return `${[head, ...lines].map((cells) => cells.map(short).join(",")).join("\n")}\n`;
}

const short = (value) => (typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);
