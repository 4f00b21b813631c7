// Wrong numbers and signs that tests must see: one line of one file each, and the tests that look at it. `why` is the reason for which a
// survivor may live.

const mutant = (name, file, find, replace, tests, why) => ({ name, file, find, replace, tests: tests.split(" "), why });
const thresholds = "test/comparison/thresholds";

export const MUTANTS = [
  // Numbers that choose a sentence, and what once survived.
  mutant(
    "variance by n",
    "src/simulations/mean-and-error.ts",
    "(count[t] - 1) / count[t]",
    "count[t] / count[t]",
    "test/simulations",
  ),
  mutant("same way from .8", "src/comparison/conclude.ts", "SAME_WAY = 0.5", "SAME_WAY = 0.8", thresholds),
  mutant("much from .03", "src/comparison/conclude.ts", "MUCH = 0.05", "MUCH = 0.03", thresholds),
  mutant("clear from 1.96", "src/comparison/conclude.ts", "CLEAR = 2;", "CLEAR = 1.96;", thresholds),
  mutant("no context below .4", "src/comparison/context.ts", "NO_CONTEXT = 0.01", "NO_CONTEXT = 0.4", thresholds),
  mutant("even from .05", "src/attention/attention-in-words.ts", "EVEN = 0.01", "EVEN = 0.05", "test/attention"),
  mutant(
    "rank of the limit",
    "probes/floors/isotropic-rank.ts",
    "(m - 0.5) / Math.max(n, d)",
    "m / Math.max(n, d)",
    "test/probes/isotropic-floor",
  ),
  mutant("exponents from 1e5", "src/words/format-number.ts", "size >= 1e6", "size >= 1e5", "test/words"),
  mutant(
    "EPIPE is a failure",
    "src/effects/process-effects.ts",
    'if (code === "EPIPE") return;',
    'if (code === "EPIPE") return end(1);',
    "test/cli/process",
  ),
  // The fit.
  mutant("skill of a sum", "src/fit/skill.ts", "1 - w1 / baseline", "1 - w1 / (w1 + baseline)", "test/fit/fit.test"),
  mutant(
    "histograms of a sum over texts",
    "src/fit/statistics.ts",
    "count / values.length / perText.length",
    "count / values.length",
    "test/fit/statistics",
  ),
  mutant(
    "means of a sum over texts",
    "src/fit/statistics.ts",
    "f(text[k]), 0) / products.length",
    "f(text[k]), 0)",
    "test/fit/statistics",
  ),
  mutant(
    "parabola through distances",
    "src/alignment/log-parabola.ts",
    "values[i] ** 2",
    "values[i]",
    "test/alignment/log-parabola",
  ),
  mutant(
    "slopes at the ends",
    "src/alignment/log-parabola.ts",
    "[(a + b) / 2, (b + c) / 2]",
    "[a, c]",
    "test/alignment/log-parabola",
  ),
  mutant("as good from 6 %", "src/fit/warnings.ts", "AS_GOOD = 0.05", "AS_GOOD = 0.06", "test/fit/warnings"),
  mutant(
    "starts differ from 3 %",
    "src/fit/warnings.ts",
    "LEAST_DIFFERENCE = 0.02",
    "LEAST_DIFFERENCE = 0.03",
    "test/fit/warnings",
  ),
  mutant(
    "variance of a sample by n",
    "src/levels/difference.ts",
    "/ (values.length - 1)",
    "/ values.length",
    "test/levels/difference",
  ),
  // Probes.
  mutant("jackknife by n", "probes/products/jackknife.ts", "* (n - 1)) / n;", "* n) / n;", "test/probes/jackknife"),
  mutant(
    "normal in place of Student",
    "probes/products/jackknife.ts",
    "studentQuantile(0.975, n - 1)",
    "1.96",
    "test/probes/jackknife",
  ),
  mutant(
    "mass from the threshold on",
    "probes/products/mass-above.ts",
    "values[p] > threshold",
    "values[p] >= threshold",
    "test/probes/moments test/probes/measures test/probes/inner-products",
  ),
  mutant(
    "isotropic law of d + 1",
    "probes/numerics/isotropic-law.ts",
    "(d - 1) / 2, (d - 1) / 2",
    "d / 2, d / 2",
    "test/probes/isotropic-law",
  ),
  mutant(
    "participation of n + d",
    "probes/floors/isotropic-rank.ts",
    "(n * d) / (n + d - 1)",
    "(n * d) / (n + d)",
    "test/probes/isotropic-floor",
  ),
  mutant(
    "angle of the half",
    "probes/pairs/angle-moved.ts",
    "2 * Math.atan2",
    "Math.atan2",
    "test/probes/pair-measures",
  ),
  mutant(
    "pool where greater alone",
    "probes/numerics/isotonic-regression.ts",
    "mean[blocks - 1] >= mean[blocks]",
    "mean[blocks - 1] > mean[blocks]",
    "test/probes test/alignment/align",
    "blocks of equal means give the same values, pooled or not",
  ),
  mutant(
    "series up to a",
    "probes/numerics/chi-square.ts",
    "z < a + 1 ?",
    "z < a ?",
    "test/probes/chi-square",
    "series and fraction agree where either may be used",
  ),
  mutant(
    "symmetry of the beta function later",
    "probes/numerics/incomplete-beta.ts",
    "x > (a + 1) / (a + b + 2)",
    "x > 0.9",
    "test/probes/isotropic-law",
  ),
  // The simulation.
  mutant(
    "error along the sphere's radius",
    "sim/integrators/error-norm.ts",
    "ee - ex * ex * along",
    "ee",
    "test/sim/error-norm",
  ),
  mutant(
    "error of the mean token",
    "sim/integrators/error-norm.ts",
    "if (scaled > worst) worst = scaled;",
    "worst += scaled / n;",
    "test/sim/error-norm",
  ),
  mutant("third-order error alone", "sim/integrators/error-norm.ts", "e + 0.01 * f", "e + f", "test/sim/error-norm"),
];
