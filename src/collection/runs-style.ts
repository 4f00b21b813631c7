/** The style of pages of several runs, beside that of a report. */
export const RUNS_STYLE = `
:root { --c0: #0072b2; --c1: #c45500; --c2: #00785a; --c3: #8e3b8a; --c4: #8a6100; --c5: #444c56; }
@media (prefers-color-scheme: dark) { :root { --c0: #56b4e9; --c1: #f0a35e; --c2: #4fd1a5; --c3: #d9a0d6; --c4: #e0c060; --c5: #c3cbd4; } }
.chart { display: block; width: 100%; height: auto; }
.chart text { fill: var(--soft); font: 11px system-ui, "DejaVu Sans", sans-serif; }
.chart path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .dashed { stroke-dasharray: 5 4; }
.chart .c0 { stroke-width: 3.6; }
.chart .c1 { stroke-dasharray: 10 5; }
.chart .c2 { stroke-dasharray: 3 4; }
.chart .c3 { stroke-dasharray: 12 4 3 4; }
.chart path.band { stroke: none; opacity: .18; }
${[0, 1, 2, 3, 4, 5].map((k) => `.chart .c${k} { stroke: var(--c${k}); } .chart .band.c${k} { fill: var(--c${k}); } `).join("\n")}
.chart.key { display: inline-block; width: 34px; height: 8px; vertical-align: middle; margin-right: .4em; }
.keys { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .4rem 0; list-style: none; font-size: .92rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 20px 24px; }
.charts figure { margin: 0; }
.runs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 16px; padding: 0; margin: 1.2rem 0; list-style: none; }
.runs li { border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; min-width: 0; overflow-wrap: anywhere; }
.runs h2 { font-size: 1rem; margin: 0; padding: 0; border: 0; }
.runs p { margin: .2rem 0; font-size: .88rem; }
.runs .soft, .soft { color: var(--soft); }
main.wide .explorer { padding: 0; }
main.wide, header.wide, footer.wide { max-width: 1280px; }
@media print { .runs li, .charts figure { break-inside: avoid; } }
`;
