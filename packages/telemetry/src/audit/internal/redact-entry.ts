import { createRedactor, type Redactor } from "../../redact/create-redactor.ts";
import { personalDetectors } from "../../redact/detectors.ts";
import type { AuditInput } from "../entry.ts";
import { payloadTextOf, type PreparedEntry, prepareEntry } from "./entry-codec.ts";

/**
 * Removes secrets and personal data from an entry before it is chained (TEL-11, GOV-17), and prepares its line.
 *
 * @throws RangeError when a field of the input is out of bounds.
 */
export type EntryPreparation = (input: AuditInput) => PreparedEntry;

/** Creates what a log does to every entry before it is chained: the payload is redacted whole; `actor` and `subject` lose secrets and keep who they name. */
export function createEntryPreparation(redactor: Redactor = everything): EntryPreparation {
  const names = namesOf(redactor);
  // What is no text is left for the check of the entry, which refuses it.
  const redactName = (name: string): string => (typeof name === "string" ? names.redactText(name).text : name);
  return (input) => {
    const actor = redactName(input.actor);
    const subject = redactName(input.subject);
    const { payload } = input;
    if (payload === undefined) return prepareEntry({ ...input, actor, subject });
    // Most payloads hold nothing to hide, which their text tells sooner than going through them does; the text is what will be written.
    const text = payloadTextOf(payload);
    if (!isPlain(text, redactor)) {
      const redacted = redactor.redactJson(payload);
      return prepareEntry({ ...input, actor, subject, payload: redacted }, payloadTextOf(redacted));
    }
    return prepareEntry(actor === input.actor && subject === input.subject ? input : { ...input, actor, subject }, text);
  };
}

/** What goes over `actor` and `subject`, which say who did what to whom. */
export function namesOf(redactor: Redactor): Redactor {
  return redactor.forNames?.() ?? secrets;
}

/** What a log is given where nothing else is said. */
export const everything: Redactor = createRedactor();

const secrets = createRedactor({ without: personalDetectors });

function isPlain(json: string, { isPlainJson }: Redactor): boolean {
  if (isPlainJson === undefined) return false;
  const bytes = Buffer.from(json);
  return isPlainJson(bytes, 0, bytes.length);
}
