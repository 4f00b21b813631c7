/** One β that was tried: its best times, how far it is from what was observed, and where its simulation ended. */
export interface Tried {
  readonly beta: number;
  readonly times: readonly number[];
  readonly w1: number;
  readonly horizon: number;
}

/** One β of those among which a resample chooses. */
export type Contender = Omit<Tried, "w1">;

/** Mean W1 beyond this multiple of the best cannot win a resample worth counting. */
const CONTENDING = 1.25;
/** At least as many of the values that were tried lie within the range of the contenders. */
const AT_LEAST = 7;
const CONTENDERS = 11;

/**
 * β values at equal distances of their logarithms over the range in which a resample may find its best, with the times that lie
 * between those of their neighbours.
 *
 * @param tried - By β, ascending. One alone is its own contender.
 */
export function contendersOf(tried: readonly Tried[]): readonly Contender[] {
  if (tried.length === 1) return tried;
  const ranked = tried.map(({ w1 }) => w1).sort((a, b) => a - b);
  const limit = Math.max(CONTENDING * ranked[0], ranked[Math.min(AT_LEAST, ranked.length) - 1]);
  const able = tried.map((_, i) => i).filter((i) => tried[i].w1 <= limit);
  const lo = tried[Math.max(0, able[0] - 1)].beta;
  const hi = tried[Math.min(tried.length - 1, able[able.length - 1] + 1)].beta;
  return Array.from({ length: CONTENDERS }, (_, c) => between(tried, lo * (hi / lo) ** (c / (CONTENDERS - 1))));
}

/** What lies at β between two values that were tried: times go with the logarithm of β. */
function between(tried: readonly Tried[], beta: number): Contender {
  const above = Math.max(
    1,
    tried.findIndex((t) => t.beta >= beta),
  );
  const [a, b] = [tried[above - 1], tried[above]];
  const s = Math.min(1, Math.max(0, Math.log(beta / a.beta) / Math.log(b.beta / a.beta)));
  const mix = (u: number, v: number): number => (u > 0 && v > 0 ? u ** (1 - s) * v ** s : (1 - s) * u + s * v);
  return {
    beta,
    times: a.times.map((t, k) => mix(t, b.times[k])),
    horizon: Math.min(s < 1 ? a.horizon : b.horizon, s > 0 ? b.horizon : a.horizon),
  };
}
