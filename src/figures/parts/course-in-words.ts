/** A curve at one layer. */
interface LayerValue {
  readonly layer: number;
  readonly value: number;
}

/** What of a curve is written in its title. */
interface CourseStyle {
  /** A value in words. */
  readonly write: (value: number) => string;
  /** Differences up to this much are none. */
  readonly slack: number;
}

/**
 * "rises from 0.10 (layer 0) to 0.55 (layer 5), then falls to 0.20 (layer 12)": a curve by its ends, and by its highest and lowest
 * values where they lie beyond both ends by more than the slack and a tenth of the range.
 *
 * @param points - At least one, in the order of layers.
 */
export function courseInWords(points: readonly LayerValue[], { write, slack }: CourseStyle): string {
  const [first, ...later] = turningPoints(points, slack);
  const told = later.map((to, k) => {
    const from = k === 0 ? first! : later[k - 1]!;
    const verb = to.value > from.value + slack ? "rises" : to.value < from.value - slack ? "falls" : "goes";
    return `${verb}${k === 0 ? ` from ${named(first!, write)}` : ""} to ${named(to, write)}`;
  });
  return told.length === 0 ? `is ${named(first!, write)}` : told.join(", then ");
}

function turningPoints(points: readonly LayerValue[], slack: number): readonly LayerValue[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  const lowest = points.reduce((least, point) => (point.value < least.value ? point : least));
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most));
  const least = Math.max(slack, 0.1 * (highest.value - lowest.value));
  const beyond = [
    ...(highest.value > Math.max(first.value, last.value) + least ? [highest] : []),
    ...(lowest.value < Math.min(first.value, last.value) - least ? [lowest] : []),
  ];
  return [first, ...beyond.sort((a, b) => a.layer - b.layer), ...(points.length > 1 ? [last] : [])];
}

function named({ layer, value }: LayerValue, write: (value: number) => string): string {
  return `${write(value)} (layer ${layer})`;
}
