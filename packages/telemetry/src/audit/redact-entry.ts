import { createRedactor, type Redactor } from "../redact/create-redactor.ts";
import type { DetectorName } from "../redact/detectors.ts";
import type { AuditInput } from "./entry.ts";

/** Removes secrets and personal data from an entry before it is chained (TEL-11, GOV-17). */
export type EntryRedaction = (input: AuditInput) => AuditInput;

/** What identifies a person: it stays in `actor` and `subject`, which say who did what to whom. */
const personalDetectors: readonly DetectorName[] = ["email", "iban", "payment-card", "phone", "resident-id", "social-security-number"];
const names = createRedactor({ without: personalDetectors });

/** Creates what a log does to every entry before it is chained: the payload is redacted whole; `actor` and `subject` lose secrets and keep who they name. */
export function createEntryRedaction(redactor: Redactor = everything): EntryRedaction {
  return (input) => ({
    ...input,
    actor: redactName(input.actor),
    subject: redactName(input.subject),
    payload: input.payload === undefined ? input.payload : redactor.redactJson(input.payload),
  });
}

const everything = createRedactor();

// What is no text is left for the check of the entry, which refuses it.
function redactName(name: string): string {
  return typeof name === "string" ? names.redactText(name).text : name;
}
