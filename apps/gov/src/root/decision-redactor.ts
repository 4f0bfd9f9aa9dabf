import { isJsonObject, type JsonValue } from "@gov/schema";
import { createRedactor, type Redactor } from "@gov/telemetry/redact";

/** Members of a logged decision that say who: approvals and waivers are counted by person, and proven by what that person signed. */
const whoMembers: ReadonlySet<string> = new Set(["actor", "by", "person", "requested_by", "triggered_by"]);

/**
 * Goes over what is logged as every log does, but leaves who decided, as the `actor` of the entry stays: many are called by their mail address, and one that was
 * removed would make all of them the same person, and no signature fit what it signed.
 */
export function decisionRedactor(): Redactor {
  const everything = createRedactor();
  const names = everything.forNames?.() ?? everything;
  const withWho = (given: JsonValue, redacted: JsonValue): JsonValue => {
    if (Array.isArray(given) && Array.isArray(redacted))
      return (redacted as readonly JsonValue[]).map((item, index) => withWho((given as readonly JsonValue[])[index] ?? null, item));
    if (!isJsonObject(given) || !isJsonObject(redacted)) return redacted;
    return Object.fromEntries(
      Object.entries(redacted).map(([key, item]) => {
        const before = Object.hasOwn(given, key) ? given[key] : undefined;
        if (before === undefined) return [key, item];
        return [key, whoMembers.has(key) && typeof before === "string" ? names.redactText(before).text : withWho(before, item)];
      }),
    );
  };
  return { ...everything, redactJson: (value) => withWho(value, everything.redactJson(value)) };
}
