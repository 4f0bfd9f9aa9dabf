import { canonicalJson } from "@gov/schema/canonical";
import { createRedactor, type Redactor } from "../redact/create-redactor.ts";
import type { DetectorName } from "../redact/detectors.ts";
import type { AuditInput } from "./entry.ts";
import { type PreparedEntry, prepareEntry } from "./internal/entry-codec.ts";

/**
 * Removes secrets and personal data from an entry before it is chained (TEL-11, GOV-17), and prepares its line.
 *
 * @throws RangeError when a field of the input is out of bounds.
 */
export type EntryPreparation = (input: AuditInput) => PreparedEntry;

/** What identifies a person: it stays in `actor` and `subject`, which say who did what to whom. */
const personalDetectors: readonly DetectorName[] = ["email", "iban", "payment-card", "phone", "resident-id", "social-security-number"];
const names = createRedactor({ without: personalDetectors });

/** Creates what a log does to every entry before it is chained: the payload is redacted whole; `actor` and `subject` lose secrets and keep who they name. */
export function createEntryPreparation(redactor: Redactor = everything): EntryPreparation {
  // A log has few actors, whose names are looked at once.
  const plainActors = new Set<string>();
  const redactActor = (name: string): string => {
    if (plainActors.has(name)) return name;
    const redacted = redactName(name);
    if (redacted === name && plainActors.size < maxPlainActors) plainActors.add(name);
    return redacted;
  };
  return (input) => {
    const actor = redactActor(input.actor);
    const subject = redactName(input.subject);
    const { payload } = input;
    if (payload === undefined) return prepareEntry({ ...input, actor, subject });
    // Most payloads hold nothing to hide, which their text tells sooner than going through them does; the text is what will be written.
    const text = canonicalJson(payload);
    if (redactor.isPlainJson?.(text) !== true) {
      const redacted = redactor.redactJson(payload);
      return prepareEntry({ ...input, actor, subject, payload: redacted }, canonicalJson(redacted));
    }
    return prepareEntry(actor === input.actor && subject === input.subject ? input : { ...input, actor, subject }, text);
  };
}

const maxPlainActors = 1024;
const everything = createRedactor();

// What is no text is left for the check of the entry, which refuses it.
function redactName(name: string): string {
  return typeof name === "string" ? names.redactText(name).text : name;
}
