// What the table needs of a fit's result.

/** Skills of a family or rival at the levels of pairs and tokens; null where the fit has none. */
const levels = ({ name, beta = null, skill, w1_skill, pair_skill, token_skill, displacement_cosine, pair_z }) => ({
  name,
  beta,
  w1: w1_skill ?? skill ?? null,
  pairs: pair_skill ?? null,
  tokens: token_skill ?? null,
  cosine: displacement_cosine ?? null,
  z: pair_z ?? null,
});

/**
 * {conclusion, best, beta, tie, winner, families, rivals, n, d, layers}; the winner is the best family that moves, also where another
 * thing won.
 */
export function readFit(result) {
  const families = result.families.map(levels);
  const moving = families.filter(({ name }) => name !== "frozen");
  const winner =
    moving.find(({ name }) => name === result.best) ??
    moving.reduce((a, b) => ((b.pairs ?? b.w1) > (a.pairs ?? a.w1) ? b : a));
  const { n, d, layers } = result.observed;
  return {
    conclusion: result.conclusion,
    best: result.best,
    tie: result.tie ?? [],
    winner,
    families,
    rivals: (result.rivals ?? []).map(levels),
    ...{ n: n[0], d, layers: layers.length - 1 },
  };
}
