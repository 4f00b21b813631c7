/** The style sheet of the explorer, in the colours of the report's. */
export const EXPLORER_STYLE = `
.explorer { max-width: 1280px; margin: 1.2rem auto 0; padding: 0 20px; }
.explorer[hidden] { display: none; }
.explorer h2 { margin-top: 1.2rem; }
.explorer h3 { margin: 1.2rem 0 .1rem; }
.explorer canvas { display: block; width: 100%; }
.explorer figure { margin: 0; min-width: 0; }
.explorer figcaption { margin: 0 0 .25rem; font-size: .86rem; max-width: none; }
.x-grid figcaption { min-height: 2.7em; }
.explorer button, .explorer select { font: inherit; font-size: .92rem; color: var(--ink); background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .7rem; max-width: 100%; }
.explorer input { accent-color: var(--mark); margin: 0; }
.x-bar { display: flex; flex-wrap: wrap; gap: .5rem 1.1rem; align-items: center; margin: .6rem 0; font-size: .92rem; }
.x-bar label { display: flex; gap: .45rem; align-items: center; min-width: 0; }
.x-bar label[hidden] { display: none; }
.x-bar .x-layer { flex: 1 1 20rem; }
.x-layer input { flex: 1; min-width: 6rem; }
.x-bar output { font-variant-numeric: tabular-nums; min-width: 2.4em; }
.x-layer output { min-width: 4.6em; font-weight: 600; }
.x-play { min-width: 6.4rem; }
.x-grid { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) minmax(280px, 22rem); gap: 14px; align-items: start; }
.x-alone .x-grid { grid-template-columns: minmax(0, 1fr) minmax(280px, 1fr); }
.x-alone .x-fitted { display: none !important; }
.x-sphere { aspect-ratio: 1; max-height: 58vh; touch-action: pan-y; cursor: grab; }
.x-sphere:active { cursor: grabbing; }
.x-text { position: relative; max-height: min(42vh, 20rem); overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; font-size: .95rem; line-height: 1.8; white-space: pre-wrap; overflow-wrap: anywhere; }
.x-text span { border-radius: 3px; padding: 1px 0; cursor: pointer; }
.x-text .x-ring { box-shadow: 0 0 0 1.5px var(--ink); }
.x-text [aria-selected=true] { box-shadow: 0 0 0 2.5px var(--ink); }
.x-near { min-height: 4.7em; margin: .6rem 0; font-size: .95rem; white-space: pre-line; }
.x-whole { margin: 0 0 .8rem; }
.x-whole .verdict { margin-top: .5rem; font-size: 1rem; }
.x-note, .x-hint { color: var(--soft); font-size: .88rem; margin: .3rem 0; }
.x-maps { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 14px; margin: .8rem 0; }
.x-alone .x-maps { grid-template-columns: minmax(0, 1fr); }
.x-alone .x-gram { max-width: 34rem; }
.x-depth { height: 250px; cursor: crosshair; }
.x-gram { aspect-ratio: 1; cursor: crosshair; }
.x-line { display: flex; gap: .6rem; align-items: start; margin: .4rem 0; }
.x-line pre { flex: 1; min-width: 0; max-height: none; overflow: visible; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 900px) {
  .x-grid, .x-alone .x-grid { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .x-words, .x-alone .x-grid figure { grid-column: 1 / -1; }
  .x-text { max-height: 15rem; }
}
@media (max-width: 560px) {
  .explorer { padding: 0 12px; }
  .x-grid { gap: 8px; }
  .explorer .x-grid figcaption { font-size: .8rem; min-height: 6.8em; }
  .x-maps, .x-alone .x-maps { grid-template-columns: minmax(0, 1fr); }
  .x-depth { height: 200px; }
  .x-gram { max-width: 22rem; }
}
.x-moment { display: none; }
/* As wide as a page of paper, before it is printed: canvases are drawn for that. */
:root[data-paper] .explorer { width: calc(180mm + 40px); padding: 0 20px; }
:root[data-paper] .explorer:not(.x-alone) .x-grid { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
:root[data-paper] .x-words { grid-column: 1 / -1; }
:root[data-paper] .explorer:not(.x-alone) .x-maps { grid-template-columns: repeat(3, minmax(0, 1fr)); }
:root[data-paper] .x-depth { height: 250px; }
:root[data-paper] .x-sphere { max-height: none; }
@media print {
  .x-bar, .x-hint, .explorer button { display: none; }
  .x-moment { display: block; margin: 0 0 .6rem; break-after: avoid; }
  :root[data-paper] .explorer { width: auto; }
  .explorer .x-grid figcaption { min-height: 4.2em; }
  .x-text { max-height: none; overflow: visible; }
  .x-sphere { max-height: none; }
  .explorer figure { break-inside: avoid; }
}
`;
