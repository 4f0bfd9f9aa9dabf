import { isJsonObject, type JsonObject } from "@gov/schema";
import { canonicalJson, type Digest } from "@gov/schema/canonical";

/** Payload type of an in-toto statement (in-toto attestation framework, envelope v1). */
export const statementPayloadType = "application/vnd.in-toto+json";

/** Type of the statements written and read here. */
export const statementType = "https://in-toto.io/Statement/v1";

/** What a statement speaks of: a thing by its digest. */
export interface StatementSubject {
  readonly name: string;
  /** Lower-case hexadecimal digests by algorithm; always with `sha256`. */
  readonly digest: { readonly sha256: string };
}

/** An in-toto Statement v1: subjects by digest, and a predicate about them. Small whatever it speaks of, so that an HSM can sign it. */
export interface Statement {
  readonly _type: typeof statementType;
  readonly subject: readonly StatementSubject[];
  /** Names the kind of claim; a statement of one kind never passes for another. */
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** What {@link createStatement} builds from. */
export interface StatementInput {
  readonly subjects: readonly { readonly name: string; readonly digest: Digest }[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** Creates an in-toto Statement v1 over the given digests. */
export function createStatement({ subjects, predicateType, predicate }: StatementInput): Statement {
  const subject = subjects.map(({ name, digest }) => ({ name, digest: { sha256: digest.slice("sha256:".length) } }));
  return { _type: statementType, subject, predicateType, predicate };
}

/** Returns the bytes of a statement that are signed: its RFC 8785 form in UTF-8. */
export function encodeStatement(statement: Statement): Uint8Array {
  return new TextEncoder().encode(
    canonicalJson({ ...statement, subject: statement.subject.map(({ name, digest }) => ({ name, digest: { ...digest } })) }),
  );
}

/** Reads the bytes of a statement, or returns null when they are none of version 1 with SHA-256 subjects. Only ever read verified bytes. */
export function decodeStatement(payload: Uint8Array): Statement | null {
  const value = parseJson(payload);
  if (!isJsonObject(value) || value["_type"] !== statementType) return null;
  const { subject, predicateType, predicate } = value;
  if (!Array.isArray(subject) || typeof predicateType !== "string" || !isJsonObject(predicate)) return null;
  const subjects: StatementSubject[] = [];
  for (const item of subject as readonly unknown[]) {
    if (!isJsonObject(item) || typeof item["name"] !== "string" || !isJsonObject(item["digest"])) return null;
    const sha256 = item["digest"]["sha256"];
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return null;
    subjects.push({ name: item["name"], digest: { sha256 } });
  }
  return { _type: statementType, subject: subjects, predicateType, predicate };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
