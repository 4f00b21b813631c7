/** Colours of Okabe and Ito, the yellow left out: pale on paper. Clusters take them in order of their names. */
const CLUSTER_COLOURS: readonly (readonly [number, number, number])[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [140, 107, 177],
  [127, 127, 60],
];

/** The colour of a cluster. */
export function clusterColour(name: number, alpha = 1): string {
  const [r, g, b] = CLUSTER_COLOURS[name % CLUSTER_COLOURS.length]!;
  return `rgba(${r},${g},${b},${alpha})`;
}

type Colour = readonly [number, number, number];

/** From little to much; perceived lightness falls (light) or rises (dark) along each. */
const LIGHT: readonly Colour[] = [
  [255, 255, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];
const DARK: readonly Colour[] = [
  [20, 24, 29],
  [24, 62, 104],
  [33, 113, 181],
  [86, 180, 233],
  [224, 243, 255],
];
const LESS: Colour = [0, 114, 178];
const MORE: Colour = [213, 94, 0];

function between(a: Colour, b: Colour, part: number): Colour {
  return [a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1]), a[2] + part * (b[2] - a[2])];
}

/** Steps of a scale from its one end to the other: finer than a screen shows. */
const STEPS = 255;

/** A scale of colours as pixels of ImageData, made once: maps ask for it thousands of times a frame. */
function scaleOf(colour: (part: number) => Colour): Uint32Array {
  return Uint32Array.from({ length: STEPS + 1 }, (_, step) => packed(colour(step / STEPS)));
}

/** Red, green, blue and no transparency, in the order in which pixels lie in memory. */
function packed(colour: Colour): number {
  return new Uint32Array(Uint8ClampedArray.of(...colour, 255).buffer)[0]!;
}

function stopsAt(stops: readonly Colour[], share: number): Colour {
  const at = share * (stops.length - 1);
  const k = Math.min(Math.floor(at), stops.length - 2);
  return between(stops[k]!, stops[k + 1]!, at - k);
}

const AMOUNTS = [LIGHT, DARK].map((stops) => scaleOf((share) => stopsAt(stops, share)));
const SIGNED = [LIGHT, DARK].map(([none]) =>
  scaleOf((part) => between(none!, part < 0.5 ? LESS : MORE, Math.abs(2 * part - 1))),
);

/** A share from 0 to 1 as a pixel. */
export function amountColour(share: number, dark: boolean): number {
  return AMOUNTS[dark ? 1 : 0]![Math.round(STEPS * Math.min(1, Math.max(0, share)))]!;
}

/** A signed share, −1 to 1, as a pixel: blue where there is less, orange where there is more. */
export function signedColour(share: number, dark: boolean): number {
  return SIGNED[dark ? 1 : 0]![Math.round((STEPS * (1 + Math.min(1, Math.max(-1, share)))) / 2)]!;
}
