/** Looks of the report: readable on a screen at night (both schemes), and on paper in black. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --paper: #fff; --tint: #f6f8fa; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; --tint: #151b23; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 24px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 'DejaVu Sans', Verdana, system-ui, sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 20px; margin: 40px 0 8px; border-bottom: 2px solid var(--line); }
h3 { font-size: 16px; margin: 28px 0 8px; }
nav ul { margin: 12px 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; }
a { color: #0969da; } @media (prefers-color-scheme: dark) { a { color: #4493f8; } }
.soft { color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 20px; margin: 8px 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 13px; margin: 8px 0; }
th, td { border: 1px solid var(--line); padding: 2px 8px; text-align: left; vertical-align: top; }
th { background: var(--tint); } td.number { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow: auto; max-height: 420px; }
pre { background: var(--tint); padding: 10px; overflow: auto; max-height: 420px; font-size: 12px; line-height: 1.35; }
figure { margin: 12px 0; } figure img { max-width: 100%; background: #fff; border: 1px solid var(--line); }
figcaption { color: var(--soft); font-size: 13px; }
.badge { display: inline-block; padding: 0 10px; border-radius: 10px; font-size: 13px; color: #fff; background: #57606a; }
.good { background: #1a7f37; } .bad { background: #cf222e; } .warn { background: #9a6700; } .plain { background: #57606a; }
.banner { margin: 8px 0; padding: 6px 14px; border-radius: 6px; color: #fff; font-weight: bold; font-size: 17px; }
.remark { margin: 4px 0; padding: 4px 14px; border-left: 4px solid #9a6700; background: var(--tint); overflow-wrap: anywhere; }
details { overflow-x: auto; } summary { cursor: pointer; color: var(--soft); margin: 6px 0; }
@media (max-width: 600px) {
  body { padding: 10px; font-size: 14px; } h1 { font-size: 20px; overflow-wrap: anywhere; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 6px; } h3 { overflow-wrap: anywhere; }
  .stack table, .stack tbody, .stack tr, .stack td { display: block; border: 0; } .stack thead { display: none; }
  .stack tr { border-bottom: 1px solid var(--line); padding: 4px 0; } .stack td:empty { display: none; }
  .scroll { max-height: none; } th, td { padding: 2px 4px; }
}
progress { width: 100%; height: 14px; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #999; --paper: #fff; --tint: #f4f4f4; }
  body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  .scroll, pre { max-height: none; overflow: visible; white-space: pre-wrap; }
  h2, h3 { break-after: avoid; } figure, table, tr { break-inside: avoid; } a { color: inherit; text-decoration: none; }
}
`;
