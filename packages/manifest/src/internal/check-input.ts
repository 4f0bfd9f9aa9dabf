import { type Finding, isJsonObject } from "@gov/schema";
import { finding } from "../finding-codes.ts";

/** What a field must be before anything else can be said of it. */
interface Shape {
  readonly is: (value: unknown) => boolean;
  readonly rule: string;
}

const text: Shape = { is: (value) => typeof value === "string", rule: "must be a text" };
const object: Shape = { is: isJsonObject, rule: "must be an object" };
const list: Shape = { is: Array.isArray, rule: "must be a list" };
const texts: Shape = { is: (value) => Array.isArray(value) && Array.from(value, text.is).every(Boolean), rule: "must be a list of texts" };

const optional = ({ is, rule }: Shape): Shape => ({ is: (value) => value === undefined || is(value), rule });

const fields: readonly (readonly [field: string, shape: Shape])[] = [
  ...(["manifestId", "cycleId", "createdAt", "createdBy", "snapshotRev", "rulebookHash"] as const).map((field) => [field, text] as const),
  ["artifacts", list],
  ["gateResults", object],
  ["governance", object],
  ["prior", { is: (value) => value === null || optional(object).is(value), rule: "must be null or an object" }],
  ["closes", optional(object)],
  ["restores", optional(object)],
  ["notes", optional(text)],
];

/** Returns what in the input of a plan has not the shape that its type says: it comes from files and from programs that no compiler has checked. */
export function checkInput(input: unknown, policy: unknown): readonly Finding[] {
  return [...(isJsonObject(input) ? checkFields(input) : [refuse("input", object)]), ...checkPolicyShape(policy)];
}

function checkFields(input: Readonly<Record<string, unknown>>): readonly Finding[] {
  const findings = fields.flatMap(([field, shape]) => (shape.is(input[field]) ? [] : [refuse(field, shape)]));
  const { artifacts, gateResults, governance } = input;
  if (Array.isArray(artifacts))
    for (const [index, one] of (artifacts as readonly unknown[]).entries()) {
      const place = `artifacts[${String(index)}]`;
      if (!isJsonObject(one)) findings.push(refuse(place, object));
      else for (const field of ["path", "digest"]) if (!text.is(one[field])) findings.push(refuse(`${place}.${field}`, text));
    }
  if (isJsonObject(gateResults))
    for (const [gate, outcome] of Object.entries(gateResults))
      if (!text.is(outcome)) findings.push(refuse(`gateResults[${JSON.stringify(gate)}]`, text));
  if (isJsonObject(governance) && !texts.is(governance["tags"])) findings.push(refuse("governance.tags", texts));
  return findings;
}

function checkPolicyShape(policy: unknown): readonly Finding[] {
  if (!isJsonObject(policy)) return [refuse("policy", object)];
  const shapes = { requiredGates: texts, pendingGates: optional(texts) };
  return Object.entries(shapes).flatMap(([field, shape]) => (shape.is(policy[field]) ? [] : [refuse(field, shape)]));
}

function refuse(field: string, { rule }: Shape): Finding {
  return finding("MANIFEST_FIELD_INVALID", `Cannot plan a manifest: "${field}" ${rule}`);
}
