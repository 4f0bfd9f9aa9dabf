import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/**
 * `yaml_lint {config?, max_line_length?, indent?}`: YAML is written alike everywhere (GAT-07): no tab in an indent, no space at the end
 * of a line, LF line ends, no byte order mark, one newline at the end, indents in steps of `indent` (2), lines of at most
 * `max_line_length` (200). `config` names this set of rules, `strict_mode.yaml`; no other is known. Whether it *is* YAML, its schema says.
 */
export const yamlLint: Validator = {
  type: "yaml_lint",
  options: ["config", "indent", "max_line_length"],
  needs: () => ["texts"],
  evaluate: (config, evidence) => {
    const rules = optionOf(config, { name: "config", fallback: "strict_mode.yaml" });
    const maxLength = numberOption(config, { name: "max_line_length", fallback: 200 });
    const indent = numberOption(config, { name: "indent", fallback: 2, max: 16 });
    if (rules !== "strict_mode.yaml") return misconfigured(config, `config must be strict_mode.yaml, and is ${JSON.stringify(rules)}`);
    if (maxLength === null || indent === null || indent < 1 || !Number.isInteger(indent))
      return misconfigured(config, "indent must be a whole number from 1 to 16, max_line_length a number from 0");
    const texts = evidence.parts.texts?.value ?? [];
    if (texts.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot lint YAML: there is no text")]);
    return verdictOf(
      texts.flatMap(({ path, text }) =>
        styleProblems(text, { maxLength, indent }).map(({ line, problem }) => makeFinding("GATES_YAML_STYLE", problem, { path, line })),
      ),
    );
  },
};

interface StyleProblem {
  readonly line: number;
  readonly problem: string;
}

function styleProblems(text: string, options: { readonly maxLength: number; readonly indent: number }): readonly StyleProblem[] {
  const lines = text.split("\n");
  const problems: StyleProblem[] = [];
  if (text.startsWith("\uFEFF")) problems.push({ line: 1, problem: "The text begins with a byte order mark" });
  if (lines.at(-1) !== "" || lines.at(-2) === "" || text === "")
    problems.push({ line: lines.length, problem: "The text must end with exactly one newline" });
  let block: number | null = null;
  lines.forEach((raw, index) => {
    const line = index + 1;
    const report = (problem: string) => problems.push({ line, problem });
    const ending = raw.endsWith("\r");
    const content = ending ? raw.slice(0, -1) : raw;
    const space = /^[ \t]*/.exec(content)?.[0] ?? "";
    if (ending) report("The line ends with CRLF");
    if (content !== content.trimEnd()) report("The line ends with space");
    if (content.length > options.maxLength) report(`The line has ${content.length} characters: at most ${options.maxLength} are allowed`);
    if (content.trim() === "") return;
    // Within a block scalar the text is its own: only its depth tells where it ends.
    if (block !== null && space.length > block) return;
    block = /(?:^|[\s:-])[|>][+-]?[0-9]?\s*$/.test(content) ? space.length : null;
    if (space.includes("\t")) report("The indent has a tab");
    else if (space.length % options.indent !== 0) report(`The indent is ${space.length}: expected steps of ${options.indent}`);
  });
  return problems;
}
