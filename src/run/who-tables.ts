import type { ClusterRow } from "../who/cluster-row.ts";
import type { CoordinateRow } from "../who/coordinate-row.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import type { TokenRow } from "../who/token-row.ts";
import {
  anyText,
  type CsvTable,
  csvCells,
  csvLine,
  csvTable,
  integer,
  number,
  optional,
  optionalInteger,
  text,
} from "./rows/csv-table.ts";
import { RUN_FILES } from "./rows/run-files.ts";

/** `tokens.csv`. */
export const TOKENS = csvTable<TokenRow>(RUN_FILES.tokens, {
  text: integer,
  layer: integer,
  i: integer,
  token: anyText,
  cluster: optionalInteger,
  nearest: integer,
  cosine: number,
  norm: number,
  moved: optional,
});

/** `clusters.csv`. */
export const CLUSTERS = csvTable<ClusterRow>(RUN_FILES.clusters, {
  text: integer,
  layer: integer,
  event: text,
  cluster: optionalInteger,
  other: optionalInteger,
  size: integer,
  components: integer,
  until: optionalInteger,
});

/** `coordinates.csv`. */
export const COORDINATES = csvTable<CoordinateRow>(RUN_FILES.coordinates, {
  text: integer,
  layer: integer,
  coordinate: integer,
  contribution: number,
  share: optional,
  value: number,
  i: integer,
  token: anyText,
  ratio: optional,
  massive: integer,
  d: integer,
});

const OWN = csvTable<Omit<TokenPairRow, "predicted">>(RUN_FILES.tokenPairs, {
  text: integer,
  layer: integer,
  i: integer,
  j: integer,
  token_i: anyText,
  token_j: anyText,
  cosine: number,
  why: text,
});

const OWN_COLUMNS = OWN.header.trimEnd().split(",").length;

/** `pairs.csv`, with a column for each family that is in the rows; `header` and `lines` are those without a fit. */
export const TOKEN_PAIRS: CsvTable<TokenPairRow> = {
  header: OWN.header,
  column: (name) => OWN.column(name) ?? optional,
  lines: OWN.lines,
  toCsv(rows) {
    const families = [...new Set(rows.flatMap(({ predicted }) => Object.keys(predicted)))];
    const body = csvCells(OWN.toCsv(rows)).map((cells, line) =>
      csvLine([...cells, ...families.map((name) => (line === 0 ? name : (rows[line - 1].predicted[name] ?? "")))]),
    );
    return body.join("");
  },
  fromCsv(csv, name) {
    const lines = csvCells(csv);
    const families = (lines[0] ?? []).slice(OWN_COLUMNS);
    const rows = OWN.fromCsv(lines.map((cells) => csvLine(cells.slice(0, OWN_COLUMNS))).join(""), name);
    return rows.map((row, k) => ({ ...row, predicted: predictions(families, lines[k + 1].slice(OWN_COLUMNS)) }));
  },
};

function predictions(families: readonly string[], cells: readonly string[]): Record<string, number> {
  const known = families.map((family, k) => [family, optional.read(cells[k] ?? "") ?? null] as const);
  return Object.fromEntries(known.filter((entry): entry is readonly [string, number] => entry[1] !== null));
}
