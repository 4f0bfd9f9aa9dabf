import { createHash } from "node:crypto";

/** The style of the dashboard: light and dark by what the reader's system prefers, no font and no image from elsewhere. */
export const style = `
:root { color-scheme: light dark; --ground: #ffffff; --raised: #f5f6f8; --edge: #c9ced6; --ink: #1b1f24; --dim: #545c66; --link: #0b57b0;
  --pass: #146c2e; --warn: #7a4f01; --fail: #b3261e; --note: #3d5a80; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1d2127; --edge: #3d444d; --ink: #e8eaed; --dim: #a9b1bb; --link: #8ab8ff;
  --pass: #7fd694; --warn: #f2c14e; --fail: #ff9a91; --note: #9fc0ea; } }
* { box-sizing: border-box; }
body { margin: 0; overflow-wrap: anywhere; font: 16px/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); display: grid;
  grid-template: "header header" auto "nav main" 1fr "footer footer" auto / 15rem minmax(0, 1fr); min-height: 100vh; }
header { grid-area: header; padding: 1rem 2rem; border-bottom: 1px solid var(--edge); display: flex; flex-wrap: wrap; gap: 0 2rem; align-items: baseline; }
header p { margin: 0; color: var(--dim); }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; }
nav { grid-area: nav; border-right: 1px solid var(--edge); padding: 1rem; }
nav ul { list-style: none; margin: 0; padding: 0; position: sticky; top: 1rem; }
nav a { display: block; padding: .35rem .5rem; border-radius: .35rem; color: inherit; text-decoration: none; }
nav a:hover { background: var(--raised); text-decoration: underline; }
main { grid-area: main; padding: 1rem 2rem 3rem; }
main > section { margin: 0 0 3rem; scroll-margin-top: 1rem; }
footer { grid-area: footer; padding: 1rem 2rem; border-top: 1px solid var(--edge); color: var(--dim); font-size: .9rem; }
h2 { font-size: 1.25rem; margin: 0; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; overflow-wrap: anywhere; }
.about { margin: 0 0 1rem; color: var(--dim); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--ground); padding: .5rem 1rem; z-index: 1; }
.for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code, pre { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--raised); border: 1px solid var(--edge); border-radius: .5rem; padding: .75rem 1rem; overflow: auto; max-height: 28rem; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.5rem; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
/* Positioned, so that what is hidden in it for readers of the screen does not widen the page. */
.scroll { position: relative; overflow-x: auto; margin: 0 0 1rem; }
table, table code { overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; color: var(--dim); padding: 0 0 .35rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--edge); }
th { color: var(--dim); font-weight: 600; }
.line { margin: 0 0 .25rem; }
.mark.pass, .figure.pass { color: var(--pass); }
.mark.fail, .figure.fail { color: var(--fail); }
.mark.warn { color: var(--warn); }
nav .mark { display: inline-block; width: 1.2em; }
.hint { color: var(--dim); margin: 0 0 1rem 1.5rem; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; white-space: nowrap; }
.badge.error { color: var(--fail); } .badge.warning { color: var(--warn); } .badge.pass { color: var(--pass); } .badge.note { color: var(--note); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; margin: 0 0 1rem; }
.card { background: var(--raised); border: 1px solid var(--edge); border-radius: .5rem; padding: .75rem 1rem; margin: 0; }
.card h3, figcaption { margin: 0 0 .5rem; font-weight: 600; }
.figure { font-size: 3rem; line-height: 1; margin: 0; font-variant-numeric: tabular-nums; }
.steps { list-style: none; margin: 0; padding: 0; }
.steps li { padding: .1rem 0 .1rem 1.5rem; position: relative; color: var(--dim); }
.steps li::before { content: "○"; position: absolute; left: 0; }
.steps .done::before { content: "●"; color: var(--pass); }
.steps .now { color: var(--ink); font-weight: 600; }
.steps .now::before { content: "◉"; color: var(--link); }
.chart { width: 100%; height: auto; }
.trend { fill: none; stroke: var(--link); stroke-width: 2; }
.point { fill: var(--link); }
.target { stroke: var(--dim); stroke-dasharray: 4 4; }
.filter { display: block; margin: 0 0 .75rem; color: var(--dim); }
.filter input { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--dim); border-radius: .35rem; padding: .3rem .6rem; margin-left: .5rem; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
@media (max-width: 50rem) { body { display: block; } nav { border-right: 0; border-bottom: 1px solid var(--edge); } nav ul { position: static; columns: 2; } main, header, footer { padding: 1rem; } }
@media print { nav, .skip, .filter { display: none; } body { display: block; } pre { max-height: none; } }
`;

/** The script of the dashboard: a filter above long tables. Without it everything is there all the same. */
export const script = `
for (const table of document.querySelectorAll("table")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length < 12) continue;
  const label = document.createElement("label");
  label.className = "filter";
  label.textContent = "Filter";
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  label.append(" ", status);
  table.parentElement.before(label);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    status.textContent = wanted === "" ? "" : shown + " of " + rows.length;
  });
}
`;

/** How a policy names an inline style or script: the digest of its exact text. */
export function inlineSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
