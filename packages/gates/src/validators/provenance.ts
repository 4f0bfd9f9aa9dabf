import { makeFinding } from "../internal/make-finding.ts";
import { verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

/** `provenance`: every page says what it was made from, and is byte for byte what its provenance says (GOV-20). No page at all fails. */
export const provenance: Validator = {
  type: "provenance",
  options: [],
  needs: () => ["provenance"],
  evaluate: (_config, evidence) => {
    const pages = evidence.parts.provenance?.value ?? [];
    if (pages.length === 0) return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot judge provenance: there is no page")]);
    return verdictOf(
      pages.flatMap(({ path, source, expected, actual }) => {
        const problems = [
          ...(source === null || source.trim() === "" ? ["does not say what it was made from"] : []),
          ...(expected === null ? ["has no digest in its provenance"] : expected === actual ? [] : ["does not match its provenance"]),
        ];
        return problems.map((problem) => makeFinding("GATES_PROVENANCE_INVALID", `"${path}" ${problem}`, { path }));
      }),
    );
  },
};
