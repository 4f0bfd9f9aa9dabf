import type { ApprovalStatement } from "@gov/gates";
import { type Finding, isJsonObject } from "@gov/schema";
import { decisionRedactor } from "./decision-redactor.ts";

const hints: Readonly<Record<string, string>> = {
  id: "give the document an id that holds no mail address and nothing like a secret",
  path: "move the document to a path that holds no mail address and nothing like a secret",
};

/**
 * One finding for each field of an approval that the log would not hold as it is signed. What is signed names exact bytes, and a proof of it is of no use
 * where the log says something else: so nothing is signed, and nothing is redacted either, since another path would be another document.
 */
export function redactedFields(statement: Partial<ApprovalStatement>): readonly Finding[] {
  const logged = decisionRedactor().redactJson(statement);
  if (!isJsonObject(logged)) return [];
  const path = typeof logged["path"] === "string" ? logged["path"] : null;
  return Object.entries(statement)
    .filter(([field, value]) => logged[field] !== value)
    .map(([field]) => ({
      code: "CLI_APPROVAL_REDACTED",
      severity: "error",
      message: `Cannot approve: the log redacts the ${field} to ${JSON.stringify(logged[field])}, which is not what would be signed`,
      path,
      line: null,
      column: null,
      hint: hints[field] ?? `choose another ${field}: one that holds no mail address and nothing like a secret`,
    }));
}
