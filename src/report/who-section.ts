import type { ClusterRow } from "../who/cluster-row.ts";
import type { CoordinateRow } from "../who/coordinate-row.ts";
import type { TokenPairRow } from "../who/token-pair-row.ts";
import type { TokenRow } from "../who/token-row.ts";
import { formatFixed, formatSignificant, percent } from "../words/format-number.ts";
import { labelAmong } from "./families.ts";
import { escapeHtml, section, table } from "./html.ts";
import type { ReportInput } from "./report-input.ts";

/** Rows of each table that a page has room for; the files have all. */
const MOST = { clusters: 8, tokens: 12, events: 40, pairs: 10, coordinates: 10 } as const;

/** Who is near whom in the first text: clusters at the last layer, what happened to them, pairs of tokens, coordinates. */
export function whoSection(run: ReportInput): string {
  const first = <Row extends { readonly text: number }>(rows: readonly Row[] = []) =>
    rows.filter(({ text }) => text === 0);
  const tokens = first(run.tokens);
  if (tokens.length === 0) return "";
  const last = tokens.reduce((most, { layer }) => Math.max(most, layer), 0);
  const atEnd = tokens.filter(({ layer }) => layer === last);
  const pairs = first(run.tokenPairs).filter(({ layer }) => layer === last);
  const body = [
    clusterTable(atEnd, last),
    eventTable(first(run.clusters)),
    pairTable(run, pairs, "closest", `Closest pairs at layer ${last}.`),
    pairTable(run, pairs, "differs", `Pairs at layer ${last} that no family comes near.`),
    coordinateTable(
      first(run.coordinates).filter(({ layer }) => layer === last),
      last,
    ),
  ];
  const which = (run.tokens ?? []).some(({ text }) => text > 0) ? "Of the first text; the" : "The";
  const files = `<p>${which} whole tables are tokens.csv, pairs.csv, clusters.csv and coordinates.csv.</p>\n`;
  return section("who", "Who clusters", body.join("") + files);
}

function clusterTable(rows: readonly TokenRow[], last: number): string {
  const clusters = new Map<number, TokenRow[]>();
  for (const row of rows)
    if (row.cluster !== null) clusters.set(row.cluster, [...(clusters.get(row.cluster) ?? []), row]);
  const largest = [...clusters].sort(([, a], [, b]) => b.length - a.length);
  const alone = rows.filter(({ cluster }) => cluster === null).length;
  const shown = clusters.size > MOST.clusters ? ` The first ${MOST.clusters} are shown.` : "";
  const caption = `Clusters at layer ${last}, largest first: ${clusters.size}, and ${alone} of ${rows.length} tokens alone.${shown}`;
  const cells = largest
    .slice(0, MOST.clusters)
    .map(([id, members]) => [String(id), String(members.length), escapeHtml(named(members))]);
  return cells.length === 0 ? `<p>${escapeHtml(caption)}</p>\n` : table(caption, ["cluster", "tokens", "which"], cells);
}

function named(members: readonly TokenRow[]): string {
  const names = members.slice(0, MOST.tokens).map(({ token, i }) => token ?? String(i));
  return names.join(" ") + (members.length > MOST.tokens ? " …" : "");
}

function eventTable(rows: readonly ClusterRow[]): string {
  if (rows.length === 0) return "";
  const cells = rows
    .slice(0, MOST.events)
    .map(({ layer, event, cluster, other, size, components, until }) => [
      until === null ? String(layer) : `${layer} … ${until}`,
      event,
      cluster === null ? "–" : String(cluster),
      other === null ? "–" : String(other),
      String(size),
      String(components),
    ]);
  const shown = rows.length > MOST.events ? ` The first ${MOST.events} of ${rows.length}.` : "";
  const caption = `Births, splits, merges, deaths and plateaus. Of a plateau, size counts clusters; components count single tokens too.${shown}`;
  return table(caption, ["layer", "event", "cluster", "other", "size", "components"], cells, "tall");
}

function pairTable({ fit }: ReportInput, rows: readonly TokenPairRow[], why: string, caption: string): string {
  const shown = rows.filter((row) => row.why === why || row.why === "both").slice(0, MOST.pairs);
  if (shown.length === 0) return "";
  const families = [...new Set(shown.flatMap(({ predicted }) => Object.keys(predicted)))];
  const cells = shown.map(({ token_i, token_j, i, j, cosine, predicted }) => [
    escapeHtml(`${token_i ?? ""} (${i})`),
    escapeHtml(`${token_j ?? ""} (${j})`),
    formatFixed(cosine),
    ...families.map((family) => formatFixed(predicted[family])),
  ]);
  const labels = families.map((family) => labelAmong(fit?.families ?? [], family));
  return table(caption, ["token", "token", "cosine", ...labels], cells, "numbers named");
}

function coordinateTable(rows: readonly CoordinateRow[], last: number): string {
  if (rows.length === 0) return "";
  const cells = rows
    .slice(0, MOST.coordinates)
    .map(({ coordinate, contribution, share, value, token, i, massive }) => [
      String(coordinate),
      formatFixed(contribution),
      share === null ? "–" : percent(share),
      formatSignificant(value),
      escapeHtml(`${token ?? ""} (${i})`),
      String(massive),
    ]);
  const caption = `Coordinates that carry most of the mean cosine at layer ${last}, and their largest activation. Massive: in so many tokens above 100 and above 1000 times the median.`;
  return table(caption, ["coordinate", "of mean cosine", "share", "largest", "at", "massive"], cells, "numbers");
}
