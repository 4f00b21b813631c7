/** Colours for paper, whatever the screen has. */
const PAPER =
  "color-scheme: light; --ink: #000000; --soft: #444444; --line: #bbbbbb; --ground: #ffffff; --raised: #f4f4f4; --link: #000000; --mark: #0072b2; --warn: #b34700; --figure: #ffffff;";

/** The style sheet of a report: light and dark, narrow and wide, screen and paper. Figures are drawn on white, and turned where the page is dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #57606a; --line: #d8dee4; --ground: #ffffff; --raised: #f6f8fa; --link: #0550ae; --mark: #0072b2; --warn: #b34700; --figure: #ffffff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #a3adb8; --line: #3a424c; --ground: #14181d; --raised: #1d232a; --link: #7db7ff; --mark: #56b4e9; --warn: #f0a35e; --figure: #171717; }
}
@media screen and (prefers-color-scheme: dark) {
  .card svg { filter: invert(.91) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Helvetica, Arial, sans-serif; }
main, header, footer { max-width: 1040px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 28px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .8rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem; padding-top: .9rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.6rem 0 .5rem; }
a { color: var(--link); }
.verdict { font-size: 1.12rem; line-height: 1.55; margin: 0 0 .8rem; padding: .9rem 1.1rem; background: var(--raised); border-left: 4px solid var(--mark); border-radius: 0 6px 6px 0; }
.verdict.none { border-left-color: var(--warn); }
.size, figcaption, caption, small { color: var(--soft); }
.size { margin: 0; font-size: .92rem; overflow-wrap: anywhere; }
.scroll { container-type: inline-size; overflow: auto; margin: .6rem 0 1rem; border: 1px solid var(--line); border-radius: 6px; }
.scroll.tall { max-height: 44rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .88rem; }
caption { text-align: left; padding: .6rem .8rem; font-size: .88rem; caption-side: top; }
caption span { position: sticky; left: .8rem; display: inline-block; max-width: min(100%, calc(100cqw - 1.6rem)); }
th, td { padding: .3rem .6rem; text-align: left; white-space: nowrap; }
.numbers td, .numbers thead > tr > * + * { text-align: right; font-variant-numeric: tabular-nums; }
.named td:nth-child(2), .named thead th:nth-child(2) { text-align: left; }
thead > tr > * { position: sticky; top: 0; background: var(--raised); border-bottom: 1px solid var(--line); font-weight: 600; }
tbody th { font-weight: 400; position: sticky; left: 0; background: var(--ground); }
thead > tr > :first-child { left: 0; z-index: 2; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.floored tbody tr:first-child > * { color: var(--soft); font-style: italic; }
.floored tbody tr:nth-child(2) > * { border-top-color: var(--soft); }
figure { margin: 0 0 2rem; }
.card { overflow-x: auto; background: var(--figure); border: 1px solid var(--line); border-radius: 6px; padding: 6px; }
.card svg { display: block; max-width: 100%; height: auto; margin: 0 auto; }
figcaption { font-size: .92rem; margin-top: .5rem; max-width: 78ch; }
.links { white-space: nowrap; }
dl { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: .3rem 1rem; margin: .4rem 0; font-size: .92rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .85em; }
pre { overflow-x: auto; max-height: 24rem; background: var(--raised); padding: .6rem; border-radius: 6px; }
summary { cursor: pointer; color: var(--link); }
footer { padding: 2rem 20px 3rem; color: var(--soft); font-size: .85rem; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
@media (max-width: 560px) {
  main, header, footer { padding-left: 12px; padding-right: 12px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  tbody th { white-space: normal; min-width: 7.5em; max-width: 45vw; }
}
:root[data-paper] { ${PAPER} }
@media print {
  :root { ${PAPER} }
  body { font-size: 10.5pt; }
  .scroll, .scroll.tall, .card { overflow: visible; max-height: none; }
  .card svg { min-width: 0 !important; }
  table { font-size: 7.5pt; }
  th, td { padding: .15rem .3rem; white-space: normal; overflow-wrap: break-word; }
  h2, h3, figcaption { break-after: avoid; }
  thead > tr > *, tbody th, caption span { position: static; }
  figure, tr { break-inside: avoid; }
}
`;
