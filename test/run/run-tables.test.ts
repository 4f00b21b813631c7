import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRICS, type MetricRow } from "../../src/run/metrics.ts";
import { PAIRS, type PairMetricRow } from "../../src/run/pair-metrics.ts";
import { ATTENTION, type AttentionRow } from "../../src/run/rows/attention-row.ts";
import type { CsvTable } from "../../src/run/rows/csv-table.ts";
import { INTERVENTION, type InterventionRow } from "../../src/run/rows/intervention-row.ts";
import { RUN_TABLES } from "../../src/run/run-tables.ts";
import { UPDATES } from "../../src/run/updates-table.ts";
import { CLUSTERS, COORDINATES, TOKEN_PAIRS, TOKENS } from "../../src/run/who-tables.ts";
import type { UpdateRow } from "../../src/updates/update-row.ts";

// −0 is written as 0: no reader tells them apart.
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0);
const known = fc.option(number);
const count = fc.nat(8192);
const layer = fc.oneof(fc.nat(48), fc.constant("final_norm" as const));
const word = fc.stringMatching(/^[a-z][a-z0-9_.]{0,20}$/);

const metric: fc.Arbitrary<MetricRow> = fc.record({
  ...{ text: count, layer, measure: word, value: number, lo: known, hi: known, floor: known, n: count, d: count },
});
const attention: fc.Arbitrary<AttentionRow> = fc.record({
  ...{ text: count, layer: count, head: count, rows: count, entropy: number, log_keys: number, pairs: count },
  ...{ beta: known, r2: known },
});
const pair: fc.Arbitrary<PairMetricRow> = fc.record({
  ...{ text: count, layer, other: word, other_text: count, other_layer: layer, measure: word },
  ...{ value: number, n: count, d: count },
});
const intervention: fc.Arbitrary<InterventionRow> = fc.record({
  ...{ text: count, layer: count, reading: word, field: word, beta: known, context_share: known },
  ...{ update: known, gram: known, null: known },
});

// Tokens hold anything: commas, quotes, line breaks. None at all is read back as unknown.
const token = fc.option(fc.string({ minLength: 1, unit: fc.constantFrom("a", ",", '"', "\n", "\r", "▁", " ") }));
const place = { text: count, layer: count };
const tokenRow = fc.record({
  ...{ ...place, i: count, token, cluster: fc.option(count), nearest: count, cosine: number, norm: number },
  moved: known,
});
const tokenPair = fc.record({
  ...{ ...place, i: count, j: count, token_i: token, token_j: token, cosine: number, why: word },
  predicted: fc.dictionary(fc.constantFrom("sa", "usa", "mine"), number),
});
const cluster = fc.record({
  ...{ ...place, event: word, cluster: fc.option(count), other: fc.option(count), size: count, components: count },
  until: fc.option(count),
});
const coordinate = fc.record({
  ...{ ...place, coordinate: count, contribution: number, share: known, value: number, i: count, token, ratio: known },
  ...{ massive: count, d: count },
});

const bounds = fc.option(fc.tuple(number, number));
const update: fc.Arbitrary<UpdateRow> = fc.record({
  ...{
    text: count,
    layer: count,
    field: word,
    beta: known,
    beta_interval: bounds,
    size: known,
    step: known,
    update: known,
  },
  ...{
    gram: known,
    gram_beyond_mean: known,
    partial: known,
    partial_interval: bounds,
    added: known,
    p: known,
    note: word,
  },
  ...{ added_interval: bounds, null: known, null_partial: known, without_selection: known },
  beta_from: fc.constantFrom("best" as const, "given" as const, "" as const),
});

function expectRoundTrip<Row>({ toCsv, fromCsv }: CsvTable<Row>, row: fc.Arbitrary<Row>): void {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
      expect(fromCsv(toCsv(rows))).toEqual(rows);
    }),
  );
}

describe("every table of a run", () => {
  it("gives back every row that was written, to the last bit", () => {
    expectRoundTrip(METRICS, metric);
    expectRoundTrip(ATTENTION, attention);
    expectRoundTrip(PAIRS, pair);
    expectRoundTrip(INTERVENTION, intervention);
    expectRoundTrip(UPDATES, update);
    expectRoundTrip(TOKENS, tokenRow);
    expectRoundTrip(TOKEN_PAIRS, tokenPair);
    expectRoundTrip(CLUSTERS, cluster);
    expectRoundTrip(COORDINATES, coordinate);
  });

  it("has exactly its header and its bytes", () => {
    expect(METRICS.header).toBe("text,layer,measure,value,lo,hi,floor,n,d\n");
    expect(ATTENTION.header).toBe("text,layer,head,rows,entropy,log_keys,pairs,beta,r2\n");
    expect(PAIRS.header).toBe("text,layer,other,other_text,other_layer,measure,value,n,d\n");
    expect(INTERVENTION.header).toBe("text,layer,reading,field,beta,context_share,update,gram,null\n");
    const row = { text: 0, layer: "final_norm", measure: "mean_cosine", value: 0.5, lo: null, hi: 1e-21 } as const;
    expect(METRICS.lines([{ ...row, floor: null, n: 8, d: 4 }])).toBe("0,final_norm,mean_cosine,0.5,,1e-21,,8,4\n");
  });

  it("of pairs has a column for every family", () => {
    const row = { text: 0, layer: 1, i: 2, j: 3, token_i: 'a"b', token_j: ",", cosine: 0.5, why: "both" };
    expect(
      TOKEN_PAIRS.toCsv([
        { ...row, predicted: { sa: 0.25 } },
        { ...row, predicted: { usa: 1 } },
      ]),
    ).toBe(
      'text,layer,i,j,token_i,token_j,cosine,why,sa,usa\n0,1,2,3,"a""b",",",0.5,both,0.25,\n0,1,2,3,"a""b",",",0.5,both,,1\n',
    );
  });

  it("lies in a file of its own", () => {
    const files = Object.values(RUN_TABLES).map(({ file }) => file);
    expect(files).toEqual([
      ...["metrics.csv", "metrics-mid.csv", "attention.csv", "pair-metrics.csv"],
      ...["tokens.csv", "pairs.csv", "clusters.csv", "coordinates.csv"],
      ...["updates.csv", "intervention.csv", "value-output.csv"],
    ]);
  });

  const line = "0,1,layers,0,2,w1,0.5,8,4";
  it.each([
    ["another header", "text,layer\n", 'pair-metrics.csv unknown header "text,layer"'],
    ["nothing", "", 'pair-metrics.csv unknown header ""'],
    ["a cell too few", `${PAIRS.header}${line.replace(",8", "")}\n`, "pair-metrics.csv line 2: 8 cells in place of 9"],
    ["no value", `${PAIRS.header}${line}\n${line.replace("0.5", "")}\n`, 'pair-metrics.csv line 3: "" is no number'],
    ["a word for a layer", `${PAIRS.header}${line.replace(",2,", ",last,")}`, '.csv line 2: "last" is no number'],
  ])("is refused with %s", (_what, csv, message) => {
    const why = expect.objectContaining({ kind: "input", message: expect.stringContaining(`${message}. probe again`) });
    expect(() => PAIRS.fromCsv(csv)).toThrow(why);
  });
});
