import { valueOutputSpectrum } from "../../probes/attention/value-output-spectrum.ts";
import { noValueOutputRow, VALUE_OUTPUT, type ValueOutputRow, valueOutputRow } from "../run/rows/value-output-row.ts";
import { writeWhole } from "../run/write-whole.ts";
import type { StateSource } from "../sources/state-source.ts";

/**
 * The spectra of a source's value and output weights, block after block.
 *
 * @param path - Where they are written; `null`: nowhere.
 */
export async function takeValueOutput(
  source: Required<Pick<StateSource, "valueOutputs">>,
  path: string | null,
): Promise<ValueOutputRow[]> {
  const rows: ValueOutputRow[] = [];
  for await (const block of source.valueOutputs()) {
    const { layer, to } = block;
    if ("why" in block) rows.push(noValueOutputRow({ layer, to }, block.why));
    else {
      for (const [head, { values, output }] of block.heads.entries()) {
        const spectrum = valueOutputSpectrum(values, output, block.d, block.width);
        rows.push(valueOutputRow({ layer, to, head }, spectrum));
      }
    }
  }
  if (path !== null) writeWhole(path, VALUE_OUTPUT.toCsv(rows));
  return rows;
}
