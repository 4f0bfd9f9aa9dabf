import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { type ManifestExtension, manifestShapes, type WireFields } from "./wire-manifest.ts";

/** What a manifest carries for other shapes, in its member `extensions`. */
export interface Carried {
  readonly fields: Partial<WireFields>;
  readonly extensions: readonly ManifestExtension[];
}

/** Puts what a shape has no name for into the member `extensions`; nothing to carry leaves the data as it is. */
export function carry(data: JsonObject, fields: Partial<WireFields>, extensions: readonly ManifestExtension[]): JsonObject {
  if (Object.keys(fields).length === 0 && extensions.length === 0) return data;
  return { ...data, extensions: { format, fields: fields as JsonObject, members: extensions.map((extension) => ({ ...extension })) } };
}

/** What was put there; null when the member is absent or somebody else's. */
export function carriedOf(data: JsonObject): Carried | null {
  const member = Object.hasOwn(data, "extensions") ? data["extensions"] : null;
  if (!isJsonObject(member ?? null)) return null;
  const { format: named, fields, members, ...rest } = member as JsonObject;
  if (named !== format || Object.keys(rest).length > 0 || !isJsonObject(fields ?? null) || !Array.isArray(members)) return null;
  const given = Object.entries(fields as JsonObject);
  if (!given.every(([name, value]) => Object.hasOwn(fieldTypes, name) && fieldTypes[name as keyof WireFields](value))) return null;
  return (members as readonly JsonValue[]).every(isExtension)
    ? { fields: fields as Partial<WireFields>, extensions: members as unknown as readonly ManifestExtension[] }
    : null;
}

/** The data without what it carries. */
export function withoutCarried(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== "extensions"));
}

const format = "gov.manifest_extensions/1";

const isText = (value: JsonValue): boolean => typeof value === "string";
const isTextOrNull = (value: JsonValue): boolean => value === null || isText(value);
const isCountOrNull = (value: JsonValue): boolean => value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
const isTextsOrNull = (value: JsonValue): boolean => value === null || (Array.isArray(value) && value.every(isText));
const hasTexts =
  (...names: readonly string[]) =>
  (value: JsonValue): boolean =>
    isJsonObject(value) && Object.keys(value).sort().join() === [...names].sort().join() && Object.values(value).every(isText);

// What is read here may come from anybody, so every field is held to its type before it stands for the manifest's own.
const fieldTypes: Readonly<Record<keyof WireFields, (value: JsonValue) => boolean>> = {
  version: (value) => isTextOrNull(value) || typeof value === "number",
  id: isTextOrNull,
  cycleId: isTextOrNull,
  planId: isTextOrNull,
  createdAt: isText,
  createdBy: isTextsOrNull,
  snapshotRev: isText,
  rulebookHash: isText,
  artifacts: (value) => Array.isArray(value) && value.every(hasTexts("key", "checksum")),
  gateResults: (value) => value === null || (isJsonObject(value) && Object.values(value).every(isText)),
  tags: isTextsOrNull,
  criticalIssues: isCountOrNull,
  criticalViolations: isCountOrNull,
  decisionLogRef: isTextOrNull,
  priorId: isTextOrNull,
  notes: isTextOrNull,
  seal: (value) =>
    value === null ||
    hasTexts("algorithm", "signature")(value) ||
    (isJsonObject(value) && value["algorithm"] === null && hasTexts("signature")(withoutAlgorithm(value))),
};

function withoutAlgorithm(seal: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(seal).filter(([key]) => key !== "algorithm"));
}

function isExtension(value: JsonValue): boolean {
  if (!isJsonObject(value) || Object.keys(value).sort().join() !== "pointer,shape,value") return false;
  return (
    (manifestShapes as readonly unknown[]).includes(value["shape"]) &&
    typeof value["pointer"] === "string" &&
    /^(?:\/(?:[^~/]|~[01])*)+$/.test(value["pointer"])
  );
}
