import type { Finding } from "@gov/schema";
import type { Block, Mark } from "../command.ts";
import type { Answer } from "./ask.ts";
import { markup, type Markup } from "./markup.ts";
import { type Standing, standingOf } from "./standing.ts";

/** What a command answered, as markup: its findings, then what it found out; a failure with what to do. */
export function renderAnswer(answer: Answer): Markup {
  const standing = standingOf(answer);
  if (!answer.ok) {
    const { message, hint, code, findings } = answer.failure;
    return markup`<p class="line ${standing}">${symbol(standing)} ${message} <code>${code}</code></p>
      ${hint === undefined ? null : markup`<p class="hint">${hint}</p>`}${renderFindings(findings)}`;
  }
  const { findings, view } = answer.outcome;
  return markup`${renderFindings(findings)}${view.map((block) => renderBlock(block, standing))}`;
}

/** A table of findings, with place, severity, message, code and advice; nothing where there is none. */
function renderFindings(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return markup``;
  return table(
    `${findings.length} finding${findings.length === 1 ? "" : "s"}`,
    ["Severity", "Where", "What", "Code"],
    findings.map(({ severity, path, line, column, message, hint, expected, code }) => [
      markup`<span class="badge ${severity}">${severity}</span>`,
      markup`<code>${path ?? "–"}${line === null ? "" : `:${line}:${column ?? 1}`}</code>`,
      markup`${message}${hint === undefined && expected === undefined ? null : markup`<br /><small>${hint ?? `expected ${expected ?? ""}`}</small>`}`,
      markup`<code>${code}</code>`,
    ]),
  );
}

/** A piece of what a person reads in the terminal, as markup. */
function renderBlock(block: Block, standing: Standing): Markup {
  switch (block.type) {
    case "line": {
      const mark = standing === "absent" && block.mark === "fail" ? standing : block.mark;
      return markup`<p class="line ${mark}">${symbol(mark)} ${block.text}</p>`;
    }
    case "lines":
      return block.lines.length === 0 ? markup`` : markup`<pre tabindex="0">${block.lines.join("\n")}</pre>`;
    case "values":
      return markup`<dl>${block.rows.map(([label, value]) => markup`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
    case "table":
      return table(null, block.head, block.rows);
    case "raw":
      return markup`<pre tabindex="0">${block.text}</pre>`;
  }
}

/** A table with a caption and a heading for each column; wide ones scroll, also by keyboard. */
export function table(caption: string | null, head: readonly string[], rows: readonly (readonly (Markup | string)[])[]): Markup {
  return markup`<div class="scroll" role="region" aria-label="${caption ?? head.join(", ")}" tabindex="0">
    <table>
      ${caption === null ? null : markup`<caption>${caption}</caption>`}
      <thead>
        <tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

/** A mark that is more than a colour. */
export function symbol(mark: Mark | Standing): Markup {
  const [sign, word] = signs[mark];
  return markup`<span class="mark ${mark}" aria-hidden="true">${sign}</span>${word === "" ? null : markup`<span class="for-readers">${word}</span>`}`;
}

const signs: Readonly<Record<Mark | Standing, readonly [sign: string, word: string]>> = {
  pass: ["✔", "passed:"],
  fail: ["✘", "failed:"],
  warn: ["▲", "look at:"],
  absent: ["–", "absent:"],
  none: ["·", ""],
};
