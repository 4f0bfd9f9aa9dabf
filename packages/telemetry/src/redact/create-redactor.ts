import { isJsonObject, type JsonValue } from "@gov/schema";
import { isSealedData } from "../sealed-data.ts";
import { type DetectorName, detectorNames, personalDetectors, type Redaction } from "./detectors.ts";
import { hasSecretKey, isSecretKey } from "./internal/assigned-secret.ts";
import { createGlance, type Glance } from "./internal/glance.ts";
import { createJsonScan, createScan, type ScanText } from "./internal/scan-text.ts";

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  /** Detectors not to use, by name. @default none */
  readonly without?: readonly DetectorName[] | undefined;
  /** Secrets known to the caller, such as those of its environment: found wherever they stand, at least 6 characters each. @default none */
  readonly secrets?: readonly string[] | undefined;
}

/** Removes secrets and personal data from what is about to be written or sent. */
export interface Redactor {
  /** Returns the text with `[redacted:<detector>]` in place of each thing found, in time proportional to its length; a second time changes nothing. */
  readonly redactText: (text: string) => { readonly text: string; readonly redactions: readonly Redaction[] };
  /**
   * Returns the value with every text in it redacted, keys too, and each text and number under a key that names a secret replaced as a whole, those of a list too;
   * keys that would be alike get a number behind them, and sealed personal data stay as they are.
   */
  readonly redactJson: (value: JsonValue) => JsonValue;
  /**
   * True when `redactJson` would surely change nothing of a value, told from its JSON text, which stands as UTF-8 in `bytes` from `start` up to `end` without
   * white space between its parts: what writes that text anyway need not go through the value. False when there is something, or when only
   * `redactJson` can tell. @default every value is gone through
   */
  readonly isPlainJson?: ((bytes: Uint8Array, start: number, end: number) => boolean) | undefined;
  /**
   * Returns the redactor of texts that say who did something, or to what: it removes secrets, the known ones too, and leaves what names a person.
   * @default one of every detector of secrets
   */
  readonly forNames?: (() => Redactor) | undefined;
}

/**
 * Creates a redactor (GOV-17, TEL-11). It goes through a text once and looks closer only where something can begin, each look bounded: no input makes it slow.
 *
 * @throws RangeError for an unknown detector, or a known secret so short that it would be found everywhere.
 * @example Keep a token out of a log
 * ```ts
 * import assert from "node:assert/strict";
 * import { createRedactor } from "@gov/telemetry/redact";
 *
 * const { redactText, redactJson } = createRedactor({ secrets: ["correct horse"] });
 * assert.equal(redactText("mail ann@example.org").text, "mail [redacted:email]");
 * assert.deepEqual(redactJson({ password: "x y z", note: "correct horse" }), {
 *   password: "[redacted:assigned-secret]",
 *   note: "[redacted:known-secret]",
 * });
 * ```
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const { without = [], secrets = [] } = options;
  const unknown = without.find((name) => !(detectorNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new RangeError(`Cannot leave out the detector "${unknown}": it is none of ${detectorNames.join(", ")}`);
  if (secrets.some((secret) => secret.length < 6))
    throw new RangeError("Cannot look for a secret of under 6 characters: it would be found everywhere");
  const enabled = new Set<DetectorName>(detectorNames.filter((name) => !without.includes(name)));
  const scan = createScan(enabled);
  const known = enabled.has("known-secret") ? [...new Set(secrets)].sort((a, b) => b.length - a.length) : [];

  const find = (text: string): readonly Redaction[] => {
    const scanned = scan(text);
    if (known.length === 0) return scanned === null ? nothing : disjoint(scanned);
    return disjoint([...known.flatMap((secret) => occurrencesOf(text, secret)), ...(scanned ?? nothing)]);
  };
  const redactText: Redactor["redactText"] = (text) => {
    // The scan ends at the end of a text: what is none, as plain JavaScript may pass, has no end.
    if (typeof text !== "string") throw new TypeError(`Cannot redact what is no text: it is of the type ${typeof text}`);
    const redactions = find(text);
    if (redactions.length === 0) return { text, redactions };
    let result = "";
    let at = 0;
    for (const { detector, start, end } of redactions) {
      result += `${text.slice(at, start)}[redacted:${detector}]`;
      at = end;
    }
    return { text: result + text.slice(at), redactions };
  };
  const redactJson = (value: JsonValue): JsonValue => {
    if (typeof value === "string") return redactText(value).text;
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map(redactJson);
    // Ciphertext has nothing to hide, and changed it could not be opened any more.
    if (!isJsonObject(value) || isSealedData(value)) return value;
    const names = new Map<string, number>();
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        nameFor(redactText(key).text, names),
        enabled.has("assigned-secret") && isSecretKey(key) ? hide(item) : redactJson(item),
      ]),
    );
  };
  // A list of secrets, such as a header that is given more than once, holds no fewer than one.
  const hide = (item: JsonValue): JsonValue => {
    if (Array.isArray(item)) return (item as readonly JsonValue[]).map(hide);
    return typeof item === "number" || (typeof item === "string" && item !== "") ? "[redacted:assigned-secret]" : redactJson(item);
  };
  let scanJson: ScanText | undefined;
  // Between quotes stands each text as it is, unless something in it is escaped.
  const isPlainText = (json: string): boolean =>
    !json.includes("\\") &&
    !(enabled.has("assigned-secret") && hasSecretKey(json)) &&
    (scanJson ??= createJsonScan(enabled))(json) === null &&
    !known.some((secret) => json.includes(secret));
  let glance: Glance | undefined;
  const isPlainJson = (bytes: Uint8Array, start: number, end: number): boolean =>
    (known.length === 0 && (glance ??= createGlance(enabled))(bytes, start, end)) || isPlainText(textOf(bytes, start, end));
  let names: Redactor | undefined;
  const forNames = (): Redactor => (names ??= createRedactor({ secrets, without: personalDetectors }));
  return { redactText, redactJson, isPlainJson, forNames };
}

/** A name that no member has yet: what was told apart by a key that is hidden now is not lost. */
function nameFor(redacted: string, names: Map<string, number>): string {
  let count = names.get(redacted) ?? 0;
  let name = redacted;
  // Those given already are not tried again, so that many alike cost no more than few.
  for (; names.has(name); name = `${redacted} ${String(count)}`) count++;
  names.set(redacted, count).set(name, Math.max(count, 1));
  return name;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8", start, end);
}

const nothing: readonly Redaction[] = [];

function occurrencesOf(text: string, secret: string): Redaction[] {
  const found: Redaction[] = [];
  for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + secret.length))
    found.push({ detector: "known-secret", start: at, end: at + secret.length });
  return found;
}

/** Sorted, and what overlaps becomes one under the name of the first: nothing of any of them stays. */
function disjoint(found: Redaction[]): readonly Redaction[] {
  if (found.length < 2) return found;
  const sorted = [...found].sort((a, b) => a.start - b.start || b.end - a.end);
  const result: Redaction[] = [];
  for (const next of sorted) {
    const last = result.at(-1);
    if (last === undefined || next.start >= last.end) result.push(next);
    else if (next.end > last.end) result[result.length - 1] = { ...last, end: next.end };
  }
  return result;
}
