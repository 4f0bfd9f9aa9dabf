import { figure, range, time } from "./format-figures.ts";
import { type Bound, type Goal, goals } from "./goals.ts";
import { judgeGoals, type Verdict } from "./judge-goals.ts";
import type { ContenderResult, RowResult } from "./measure-row.ts";
import type { BenchResults } from "./render-markdown.ts";

/** Renders the results as one page that needs nothing beside it: every goal with its verdict, then every row side by side with its peers. */
export function renderReport(results: BenchResults): string {
  const verdicts = judgeGoals(goals, results.rows);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>@gov benchmark report</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>@gov benchmark report</h1>
<p>${summary(verdicts)} Seed ${String(results.seed)}${results.quick ? "; <strong>quick run: for a look, not for quoting</strong>" : ""}.</p>
${machine(results)}
<h2 id="goals">What is asked for</h2>
<p>A figure is the median with its 95 % interval over rounds. It is <em>reached</em> or <em>missed</em> when the whole interval is on one side of
what is asked for, else <em>unclear</em>; what this run did not measure is <em>missing</em>.</p>
<table>
<thead><tr><th scope="col">package</th><th scope="col">figure</th><th scope="col">asked for</th><th scope="col">measured</th><th scope="col">verdict</th><th scope="col">row</th></tr></thead>
<tbody>
${verdicts.map(goalLine).join("\n")}
</tbody>
</table>
<h2>Side by side</h2>
<p>Time per operation in one run, contenders in turns; shorter is faster. The bar ends at the median, the thin line spans p10 to p90.</p>
${results.rows.map(section).join("\n")}
</main>
</body>
</html>
`;
}

function summary(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict["verdict"]): number => verdicts.filter((one) => one.verdict === verdict).length;
  const parts = (["reached", "unclear", "missed", "missing"] as const).map((verdict) => `${String(count(verdict))} ${verdict}`);
  return `${String(verdicts.length)} figures: ${parts.join(", ")}.`;
}

function machine({ calibration }: BenchResults): string {
  const { fsyncInPlaceMs, fsyncNewFileMs, renameOverMs, sha256MBps } = calibration;
  const busy = calibration.load > calibration.cores / 2 ? " (busy: figures are noise)" : "";
  const lines: readonly (readonly [string, string])[] = [
    ["machine", calibration.machine],
    ["Node", calibration.node],
    ["load at the start", `${calibration.load.toFixed(2)} on ${String(calibration.cores)} cores${busy}`],
    ["file system", calibration.fileSystem],
    ["4 KiB write in place and fsync, ms", range(fsyncInPlaceMs)],
    ["4 KiB to a new file and fsync, ms", range(fsyncNewFileMs)],
    ["rename over an existing file, ms", range(renameOverMs)],
    ["SHA-256, MB/s", range(sha256MBps)],
  ];
  return `<dl>${lines.map(([term, text]) => `<div><dt>${escape(term)}</dt><dd>${escape(text)}</dd></div>`).join("")}</dl>`;
}

function goalLine({ goal, figure: measured, verdict }: Verdict): string {
  const cells = [
    escape(goal.package),
    escape(goal.asks),
    `${escape(bound(goal.bound))}${unit(goal)}`,
    measured === null ? "–" : `${spell(measured.median)}${unit(goal)} (${spell(measured.low)}–${spell(measured.high)})`,
    `<span class="verdict ${verdict}">${verdict}</span>`,
    `<a href="#${escape(goal.row)}">${escape(goal.row)}</a>`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function bound(asked: Bound): string {
  return "atLeast" in asked ? `≥ ${spell(asked.atLeast)}` : `≤ ${spell(asked.atMost)}`;
}

function unit({ figure: asked }: Goal): string {
  return { times: "×", ms: " ms", beyond: " ms", perSecond: "/s", count: "" }[asked.kind];
}

function spell(value: number): string {
  return value >= 10_000 ? Math.round(value).toLocaleString("en") : figure(value);
}

function section(row: RowResult): string {
  const heading = `<h3 id="${escape(row.id)}">${escape(row.title)}</h3>`;
  if (!row.ok) return `<section>${heading}<p class="verdict missed">Not measured: ${escape(row.reason)}</p></section>`;
  const longest = Math.max(...row.contenders.map(({ ms }) => ms.p90));
  const notes = row.notes.length === 0 ? "" : `<ul>${row.notes.map((note) => `<li>${escape(note)}</li>`).join("")}</ul>`;
  return `<section>${heading}<table class="bars"><thead><tr><th scope="col">contender</th><th scope="col">per operation</th><th scope="col"><span class="hidden">bar</span></th><th scope="col">ratio</th></tr></thead><tbody>${row.contenders.map((one) => bar(one, longest)).join("")}</tbody></table>${notes}</section>`;
}

function bar({ name, ms, ratio, counts }: ContenderResult, longest: number): string {
  const at = (value: number): string => ((value / longest) * 100).toFixed(2);
  const counted = Object.entries(counts).map(([key, value]) => `${escape(key)}: ${figure(value)}`);
  const label = ratio === null ? "1" : `${figure(ratio.median)} (${figure(ratio.low)}–${figure(ratio.high)})`;
  return `<tr${ratio === null ? ' class="own"' : ""}><th scope="row">${escape(name)}${counted.length > 0 ? ` <small>${counted.join(", ")}</small>` : ""}</th><td>${time(ms.median)}</td><td class="plot"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y="1" width="${at(ms.median)}" height="8"/><line x1="${at(ms.p10)}" x2="${at(ms.p90)}" y1="5" y2="5"/></svg></td><td>${label}</td></tr>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --page: #fff; --own: #0b6e4f; --peer: #8c959f; --good: #0b6e4f; --bad: #b42318; --so: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa5b1; --line: #30363d; --page: #0d1117; --own: #3fb68b; --peer: #6e7681; --good: #56d3a2; --bad: #ff8a80; --so: #e3b341; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h3 { margin: 2rem 0 .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; font-weight: normal; }
thead th { color: var(--soft); font-size: .85rem; }
.own th { font-weight: 600; }
.bars th[scope=row] { width: 38%; }
.bars td { white-space: nowrap; }
.plot { width: 34%; }
svg { width: 100%; height: .8rem; }
rect { fill: var(--peer); } .own rect { fill: var(--own); }
line { stroke: var(--ink); stroke-width: 1; vector-effect: non-scaling-stroke; }
small, ul, dt { color: var(--soft); }
ul { font-size: .9rem; padding-left: 1.2rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: .2rem 2rem; }
dl div { display: flex; gap: .6rem; } dd { margin: 0; }
.verdict { font-weight: 600; } .reached { color: var(--good); } .missed { color: var(--bad); } .unclear, .missing { color: var(--so); }
a { color: inherit; }
.hidden { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
@media (max-width: 40rem) { table { display: block; overflow-x: auto; } }
`;
