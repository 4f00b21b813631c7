import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { csvPieces } from "../../src/parquet/csv-pieces.ts";
import { writeParquet } from "../../src/parquet/write-parquet.ts";
import { METRICS } from "../../src/run/metrics.ts";
import { csvCells } from "../../src/run/rows/csv-table.ts";
import { RUN_TABLES } from "../../src/run/run-tables.ts";
import { UPDATES } from "../../src/run/updates-table.ts";
import { TOKEN_PAIRS, TOKENS } from "../../src/run/who-tables.ts";

const TOKEN = { text: 0, layer: 3, cluster: null, nearest: 1, cosine: 1 / 3, norm: 5e-324, moved: null };
const TOKEN_ROWS = [
  { ...TOKEN, i: 0, token: 'a, "b"\nc' },
  { ...TOKEN, i: 1, token: null, cluster: 2, moved: 0.1 },
  { ...TOKEN, i: 2, token: "▁née 🙂\r\n", cosine: -1e300 },
];
const MEASURE = { text: 0, measure: "mean_cosine", value: 0.5, lo: null, hi: 1e-21, floor: null, n: 8, d: 4 };
const PAIR = { text: 0, layer: 1, i: 2, j: 3, token_i: "x", token_j: null, cosine: 0.5, why: "both" };
const UPDATE = {
  ...{ text: 0, layer: 0, field: "sa", beta: 2, beta_from: "best" as const, beta_interval: [1, 3] as const },
  ...{ size: 0.1, step: null, update: null, gram: null, gram_beyond_mean: null, partial: null, partial_interval: null },
  ...{ added: 0.25, added_interval: null, null: null, null_partial: null, p: 0.01, without_selection: null, note: "" },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tokensphere-parquet-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, csv: string): void {
  writeFileSync(join(folder, file), csv);
}

async function readBack(file: string) {
  const bytes = readFileSync(join(folder, file));
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { schema } = parquetMetadata(data);
  const columns = schema.slice(1).map(({ name, type, converted_type }) => [name, converted_type ?? type] as const);
  return { columns, rows: await parquetReadObjects({ file: data }) };
}

/** What stands in a file with commas, by what the other file takes its columns for. */
function expectedOf(csv: string, columns: readonly (readonly [string, string | undefined])[]) {
  const [header, ...lines] = csvCells(csv);
  expect(columns.map(([name]) => name)).toEqual(header);
  const value = (cell: string, [, type]: readonly [string, string | undefined]) => {
    if (cell === "") return null;
    return type === "UTF8" ? cell : Number(cell);
  };
  return lines.map((cells) => Object.fromEntries(columns.map((column, c) => [column[0], value(cells[c], column)])));
}

describe("tables as Parquet", () => {
  it.each([
    ["tokens", "tokens.csv", TOKENS.toCsv(TOKEN_ROWS)],
    ["measures", "metrics.csv", METRICS.toCsv([0, 12, "final_norm" as const].map((layer) => ({ ...MEASURE, layer })))],
    ["another reading", "metrics-own-heads.csv", METRICS.toCsv([{ ...MEASURE, layer: 1 }])],
    [
      "pairs",
      "pairs.csv",
      TOKEN_PAIRS.toCsv([
        { ...PAIR, predicted: { sa: 0.25 } },
        { ...PAIR, predicted: { usa: 1 } },
      ]),
    ],
    ["updates", "updates.csv", UPDATES.toCsv([UPDATE])],
  ])("have the columns and values of %s, to the last bit", async (_what, file, csv) => {
    write(file, csv);
    writeParquet(folder);
    expect(readdirSync(folder).sort()).toEqual([file, file.replace("csv", "parquet")]);
    const { columns, rows } = await readBack(file.replace("csv", "parquet"));
    expect(rows).toEqual(expectedOf(csv, columns));
  });

  it("have every table's columns where it has no row, in types that do not depend on rows", async () => {
    for (const { file, csv } of Object.values(RUN_TABLES)) write(file, csv.header);
    writeParquet(folder);
    for (const { file, csv } of Object.values(RUN_TABLES)) {
      const { columns, rows } = await readBack(file.replace("csv", "parquet"));
      expect(rows).toEqual([]);
      expect(`${columns.map(([name]) => name).join(",")}\n`).toBe(csv.header);
    }
    expect((await readBack("metrics.parquet")).columns.map(([, type]) => type)).toEqual([
      "INT32",
      "UTF8",
      "UTF8",
      "DOUBLE",
      "DOUBLE",
      "DOUBLE",
      "DOUBLE",
      "INT32",
      "INT32",
    ]);
  });

  it("are not made of what a table cannot hold, and leave nothing half-written", () => {
    write("metrics.csv", METRICS.toCsv([{ ...MEASURE, layer: 1, n: 2.5 }]));
    expect(() => writeParquet(folder)).toThrow(expect.objectContaining({ kind: "input" }));
    expect(readdirSync(folder)).toEqual(["metrics.csv"]);
  });

  it("leave files alone that are no tables", () => {
    write("sweep.csv", "beta,time\n1,2\n");
    writeParquet(folder);
    expect(readdirSync(folder)).toEqual(["sweep.csv"]);
  });
});

describe("a table in pieces", () => {
  it.each([1, 2, 7, 50, 1000])("of %i bytes has the same cells", (bytes) => {
    const csv = TOKENS.toCsv(TOKEN_ROWS);
    write("tokens.csv", csv);
    const pieces = [...csvPieces(join(folder, "tokens.csv"), bytes)];
    expect(pieces.flat()).toEqual(csvCells(csv));
    expect(pieces.length > 1).toBe(bytes < 200);
  });
});
