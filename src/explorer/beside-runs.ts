import type { ExplorerData, ExplorerSeries, ExplorerText } from "./page/data-shape.ts";
import { decodeSeries, gramCell, orderOf } from "./page/decode.ts";

/** What the page of one run explores, with the run's name. */
export interface ExploredRun {
  readonly name: string;
  readonly data: ExplorerData;
}

/** Beyond so many characters texts are left out, the last first. */
const MOST_CHARACTERS = 2_200_000;

/**
 * One explorer of several runs. A text that the first has too, token for token, shows the other's network beside the first's; any
 * other is there by itself. Layers are those of all runs by their numbers. `null` where no run has anything to explore.
 */
export function besideRuns(runs: readonly ExploredRun[]): ExplorerData | null {
  const layers = [...new Set(runs.flatMap(({ data }) => data.layers))].sort((a, b) => a - b);
  const found = new Map<string, Untold>();
  for (const [k, { name, data }] of runs.entries()) {
    for (const text of data.texts) {
      const key = JSON.stringify([text.n, text.shown, text.words ?? text.text]);
      const before = found.get(key);
      const own = text.series.map((series) => ({ ...series, ...spread(series, data.layers, layers) }));
      found.set(
        key,
        before ? joined(before, own[0]!, { name, place: k, layers: layers.length }) : opened(text, own, name),
      );
    }
  }
  const all = [...found.values()];
  while (all.length > 1 && sizeOf(all) > MOST_CHARACTERS) all.pop();
  if (all.length === 0) return null;
  const left = found.size - all.length + runs.reduce((sum, { data }) => sum + data.texts_left_out, 0);
  const texts = all.map((text, number) => ({ ...text, text: number }));
  return { format: "tokensphere/explorer", version: 1, layers, texts, texts_left_out: left };
}

/** A text of one run: the network has the run's name, what it was fitted with says of whom it is. */
function opened(text: ExplorerText, [network, ...families]: readonly ExplorerSeries[], run: string): Untold {
  const series = [{ ...network!, label: run }, ...families.map((one) => ({ ...one, label: `${one.label} of ${run}` }))];
  return { ...text, name: `${run}: ${text.name ?? `text ${text.text}`}`, series };
}

/** Another run's network stands behind those of the runs before it and before what was fitted. */
function joined(before: Untold, own: ExplorerSeries, run: OtherRun): Untold {
  const networks = before.series.findIndex(({ name }, k) => k > 0 && !name.includes("/"));
  const at = networks < 0 ? before.series.length : networks;
  return { ...before, series: before.series.toSpliced(at, 0, other(before, own, run)) };
}

interface OtherRun {
  readonly name: string;
  /** Among all runs. */
  readonly place: number;
  /** Number of layers of all runs. */
  readonly layers: number;
}

/** A text before it has its number. */
type Untold = Omit<ExplorerText, "text">;

/** Another run's network, its matrix in the order of the first: of blocks of several tokens that cannot be had, and none is kept. */
function other(first: Untold, series: ExplorerSeries, { name, place, layers }: OtherRun): ExplorerSeries {
  const both = [first.series[0]!, series].map((one) => decodeSeries(one, first, layers));
  const [reference, own] = both as [Decoded, Decoded];
  const named = { ...series, name: `${place}/network`, label: name };
  if (own.side !== first.shown) return { ...named, gram: "" };
  const cells: number[] = [];
  for (const row of own.meanCosine.keys()) {
    const order = orderOf(reference, row);
    const place = new Map([...orderOf(own, row)].map((token, at) => [token, at]));
    for (let a = 0; a < own.n; a++) {
      for (let b = a; b < own.n; b++) {
        cells.push(Math.round(127 * gramCell(own, row, place.get(order[a]!)!, place.get(order[b]!)!)));
      }
    }
  }
  return { ...named, gram: Buffer.from(Int8Array.from(cells).buffer).toString("base64") };
}

type Decoded = ReturnType<typeof decodeSeries>;

const PACKED = ["points", "near", "near_cosines", "tree", "tree_cosines", "histogram", "gram"] as const;

/** Numbers of a series' rows: of its layers, then of the half-steps between them where it has them and layers follow one by one. */
function numbersOf(layers: readonly number[], halves: boolean): readonly number[] {
  const next = halves && layers.every((layer, k) => k === 0 || layers[k - 1] === layer - 1);
  return next ? [...layers, ...layers.slice(1).map((layer) => layer - 0.5)] : layers;
}

/** A series on other layers, empty where it has none of its own. */
function spread(
  series: ExplorerSeries,
  from: readonly number[],
  to: readonly number[],
): Pick<ExplorerSeries, (typeof PACKED)[number] | "mean_cosine" | "kept"> {
  const rows = series.mean_cosine.length;
  const halves = rows > from.length;
  const own = numbersOf(from, halves);
  const places = numbersOf(to, halves).map((number) => own.indexOf(number));
  const packed = PACKED.map((key) => [key, spreadBytes(series[key], rows, places)] as const);
  return {
    mean_cosine: places.map((at) => series.mean_cosine[at] ?? null),
    kept: places.map((at) => series.kept[at] ?? 0),
    ...(Object.fromEntries(packed) as Record<(typeof PACKED)[number], string>),
  };
}

function spreadBytes(text: string, rows: number, places: readonly number[]): string {
  const bytes = Buffer.from(text, "base64");
  const each = bytes.length / rows;
  const out = Buffer.alloc(each * places.length);
  for (const [to, at] of places.entries()) if (at >= 0) bytes.copy(out, to * each, at * each, (at + 1) * each);
  return out.toString("base64");
}

function sizeOf(texts: readonly Untold[]): number {
  return texts.reduce((sum, text) => sum + JSON.stringify(text).length, 0);
}
