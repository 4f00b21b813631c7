import { readFileSync } from "node:fs";
import { type Cloud64, toCloud64 } from "../../probes/cloud.ts";
import { normalizeCloud } from "../../probes/policy/normalize-cloud.ts";

/** Unit tokens of every layer in a safetensors file; `drop`: the first and the last are special. */
export function clouds(file: URL, drop: boolean): Cloud64[] {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, start));
  const count = Object.keys(header).filter((name) => name.startsWith("hidden_states.")).length;
  return Array.from({ length: count }, (_, layer) => {
    const { data_offsets, shape } = header[`hidden_states.${layer}`];
    const [from, to]: [number, number] = data_offsets;
    const x = new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer);
    const [n, d]: [number, number] = shape.slice(-2);
    const kept = drop ? { n: n - 2, d, x: x.slice(d, (n - 1) * d) } : { n, d, x };
    return toCloud64(normalizeCloud(toCloud64(kept), "l2"));
  });
}
