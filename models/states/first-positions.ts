import type { HiddenStates } from "../stream/hidden-states.ts";

/** States of the first `n` positions of each row: what stands behind them is padding that an export asked for. */
export function firstPositions(states: HiddenStates, n: number): HiddenStates {
  const { batch, d, n: all } = states;
  if (n === all) return states;
  const cut = (x: Float32Array, size: number) => cutRows(x, batch, all * size, n * size);
  return {
    ...states,
    n,
    layers: states.layers.map(({ layer, x }) => ({ layer, x: cut(x, d) })),
    mask: Uint8Array.from({ length: batch * n }, (_, i) => states.mask[Math.floor(i / n) * all + (i % n)]),
    ...(states.residMid ? { residMid: states.residMid.map((mid) => ({ ...mid, x: cut(mid.x, d) })) } : {}),
    ...(states.attentions
      ? {
          attentions: states.attentions.map((attention) => {
            const columns = cutRows(attention.probabilities, batch * attention.heads * all, all, n);
            return { ...attention, probabilities: cutRows(columns, batch * attention.heads, all * n, n * n) };
          }),
        }
      : {}),
  };
}

/** Of each of some rows the first entries. */
function cutRows(x: Float32Array, rows: number, width: number, kept: number): Float32Array {
  const out = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) out.set(x.subarray(row * width, row * width + kept), row * kept);
  return out;
}
