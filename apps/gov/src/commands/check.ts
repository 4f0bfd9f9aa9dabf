import { compareFindings, type Finding } from "@gov/schema";
import type { Block, Command } from "../command.ts";
import { loadDocuments } from "../root/load-documents.ts";
import { resolveRules, withoutEchoes } from "../root/load-rules.ts";
import { openRoot, rootFlags } from "../root/open-root.ts";

/** Reads, validates and cross-checks every governed document; changes nothing. */
export const check: Command = {
  usage: "[root]",
  maxPositionals: 1,
  flags: rootFlags,
  examples: ["gov check", "gov check governance --format json", "gov check ../enhancements --config kep/gov.yaml"],
  async run(context, call) {
    const root = await openRoot(context, call, call.positionals[0]);
    const documents = await loadDocuments(context, root);
    const { inputs, artifacts, findings: documentFindings } = documents;
    const ruleFindings = withoutEchoes(documentFindings, resolveRules(root, documents).findings);
    const findings = [...documentFindings, ...ruleFindings].sort(compareFindings);
    const counts = countBySeverity(findings);
    const kinds = Object.fromEntries(countBy(artifacts.map(({ kind }) => kind)));
    return {
      data: { summary: { files: inputs.length, artifacts: artifacts.length, kinds, ...counts } },
      findings,
      view: [verdict(inputs.length, artifacts.length, counts)],
    };
  },
};

/** How many findings there are of each severity. */
interface SeverityCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
}

function countBySeverity(findings: readonly Finding[]): SeverityCounts {
  const count = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}

/** How often each word occurs, sorted by word. */
export function countBy(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of [...words].sort()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function verdict(files: number, artifacts: number, { errors, warnings, notes }: SeverityCounts): Block {
  const found = `${plural(errors, "error")}, ${plural(warnings, "warning")}, ${plural(notes, "note")}`;
  const mark = errors > 0 ? "fail" : warnings > 0 ? "warn" : "pass";
  return { type: "line", mark, text: `${plural(files, "file")} read, ${plural(artifacts, "artifact")}: ${found}` };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
