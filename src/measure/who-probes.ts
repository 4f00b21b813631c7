import type { ClusterRow } from "../who/cluster-row.ts";
import type { CoordinateRow } from "../who/coordinate-row.ts";
import { textLayers } from "../who/text-layers.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import type { TokenRow } from "../who/token-row.ts";
import { type Who, whoOf } from "../who/who.ts";
import type { OneText, Probe } from "./probe.ts";

/** Texts whose rows are kept in memory beside the file, which has all. */
const KEPT_TEXTS = 8;

/** Every token after every layer. */
export const tokensProbe: Probe<TokenRow> = whoProbe(
  (who) => who.tokens,
  (row) => `${row.text} ${row.layer} ${row.i}`,
);

/** The closest pairs of every layer. */
export const tokenPairsProbe: Probe<TokenPairRow> = whoProbe(
  (who) => who.tokenPairs,
  (row) => `${row.text} ${row.layer} ${row.i} ${row.j}`,
);

/** Clusters over layers. */
export const clustersProbe: Probe<ClusterRow> = whoProbe(
  (who) => who.clusters,
  (row) => `${row.text} ${row.layer} ${row.event} ${row.cluster}`,
);

/** Coordinates that stand out. */
export const coordinatesProbe: Probe<CoordinateRow> = whoProbe(
  (who) => who.coordinates,
  (row) => `${row.text} ${row.layer} ${row.coordinate}`,
);

/** The four tables of a text are made together, and once. */
const found = new WeakMap<OneText, Promise<Who>>();

function whoProbe<Row extends { readonly text: number }>(
  of: (who: Who) => readonly Row[],
  key: (row: Row) => string,
): Probe<Row> {
  return {
    asked: ({ who }) => who !== undefined,
    async measure(one) {
      const { engine, states, row, text, options } = one;
      const who = found.get(one) ?? whoOf(textLayers(engine, states, row, options.policy), text, options.who);
      found.set(one, who);
      return { rows: of(await who) };
    },
    means: { key, columns: {}, keeps: ({ text }) => text < KEPT_TEXTS },
  };
}
