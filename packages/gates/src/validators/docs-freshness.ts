import { makeFinding } from "../internal/make-finding.ts";
import { numberOption } from "../internal/options.ts";
import { parseLastInstant, parseTime } from "../internal/parse-time.ts";
import { misconfigured, verdictOf } from "../internal/verdict.ts";
import type { DocsEvidence } from "../operations-evidence.ts";
import type { Validator, ValidatorConfig, ValidatorVerdict } from "./validator.ts";

const hour = 3_600_000;

/**
 * `docs_freshness {warn_hours?, block_hours?}`: documentation follows a change of a public interface within `warn_hours` (48), which is
 * the service level, and blocks after `block_hours` (72) (GOV-19). A warning asks for a ticket and does not fail; a time that cannot be
 * read or is yet to come does, and so does documentation without a page.
 */
export const docsFreshness: Validator = {
  type: "docs_freshness",
  options: ["block_hours", "warn_hours"],
  needs: () => ["docs"],
  evaluate: (config, evidence) => {
    const docs = evidence.parts.docs?.value ?? { asOf: "", pages: [] };
    const verdict = judgeDocs(config, docs);
    if (verdict.outcome === "ERROR" || docs.pages.length > 0) return verdict;
    return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge documentation: there is no page")]);
  },
};

/** The same for pages at hand, by the options of a gate. */
export function judgeDocs(config: ValidatorConfig, { asOf, pages }: DocsEvidence): ValidatorVerdict {
  const warnHours = numberOption(config, { name: "warn_hours", fallback: 48 });
  const blockHours = numberOption(config, { name: "block_hours", fallback: 72 });
  if (warnHours === null || blockHours === null || warnHours > blockHours)
    return misconfigured(config, "warn_hours and block_hours must be numbers from 0, the first not above the second");
  const [now, last] = [parseTime(asOf), parseLastInstant(asOf)];
  if (now === null || last === null) return misconfigured(config, `the time of the judgement is ${JSON.stringify(asOf)}, which is no time`);
  return verdictOf(
    pages.flatMap(({ path, changedAt, documentedAt }) => {
      const [changed, documented] = [parseTime(changedAt), documentedAt === null ? null : parseTime(documentedAt)];
      if (changed === null || (documentedAt !== null && documented === null))
        return [makeFinding("GATES_DOCS_STALE", `"${path}" gives times that cannot be read`, { path })];
      // A time to come would keep the page fresh until then, whatever changes.
      if (Math.max(changed, documented ?? changed) > last)
        return [makeFinding("GATES_DOCS_STALE", `"${path}" gives a time after that of the judgement, ${asOf}`, { path })];
      if (documented !== null && documented >= changed) return [];
      const hours = (now - changed) / hour;
      if (hours <= warnHours) return [];
      const finding = makeFinding("GATES_DOCS_STALE", `"${path}" is ${Math.floor(hours)} h behind the interface it documents`, { path });
      return [
        hours > blockHours ? finding : { ...finding, severity: "warning" as const, hint: "Open a ticket: the service level is missed" },
      ];
    }),
  );
}
