import { isJsonObject, type JsonObject, type JsonValue } from "@gov/schema";
import { IndexError, type IndexErrorCode, indexErrorCodes } from "../../errors.ts";
import type { CommittedEntry } from "../../store/index-store.ts";

/** What a client publishes. */
export interface AppendRequest {
  readonly id: string;
  readonly payload: JsonValue;
  /** Inbox of the answer; inside, because the stream sets the message's own. */
  readonly reply: string;
}

// Whoever may publish an entry says where the answer goes: nowhere but to an inbox, or a service would speak to JetStream, or to others, in its own name.
const inbox = /^_INBOX(?:\.[A-Za-z0-9_-]{1,64}){1,8}$/;

/** Reads a request; null for anything else. */
export function parseRequest(data: Uint8Array): AppendRequest | null {
  const value = jsonOf(data);
  if (!isJsonObject(value) || !Object.hasOwn(value, "payload")) return null;
  const { id, reply, payload } = value;
  if (typeof id !== "string" || typeof reply !== "string" || !inbox.test(reply)) return null;
  return { id, reply, payload: payload as JsonValue };
}

/** The answer to an entry that the record has. */
export function renderPlaced({ seq, duplicate }: CommittedEntry): string {
  return JSON.stringify({ seq, duplicate });
}

/** The answer to an entry that the record refuses for good. */
export function renderRefused(code: string, message: string, details: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ error: { code, message, details } });
}

/** Reads an answer: where the entry stands, or why it was refused; null for anything else. */
export function parseAnswer(data: Uint8Array): CommittedEntry | Error | null {
  const value = jsonOf(data);
  if (!isJsonObject(value)) return null;
  const { seq, duplicate, error } = value;
  if (typeof seq === "number" && typeof duplicate === "boolean") return { seq, duplicate };
  if (!isJsonObject(error) || typeof error["message"] !== "string") return null;
  const { code, message, details } = error;
  const known = indexErrorCodes.find((candidate): candidate is IndexErrorCode => candidate === code);
  if (known === undefined) return new RangeError(message);
  return new IndexError(known, message, { details: isJsonObject(details) ? details : {}, hint: "give other content an id of its own" });
}

/** Error of an answer of JetStream, or null. */
export function apiErrorOf(data: Uint8Array): { readonly code: number; readonly errCode: number; readonly description: string } | null {
  const value = jsonOf(data);
  const error: JsonObject | undefined = isJsonObject(value) && isJsonObject(value["error"]) ? value["error"] : undefined;
  if (error === undefined) return isJsonObject(value) ? null : { code: 500, errCode: 0, description: "it is not JSON" };
  const { description } = error;
  return {
    code: Number(error["code"]),
    errCode: Number(error["err_code"]),
    description: typeof description === "string" ? description : "no reason given",
  };
}

function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8"));
  } catch {
    return null;
  }
}

/** A name nobody else uses, for a subject. */
export function inboxName(random: () => number): string {
  const part = (): string => Math.floor(random() * 2 ** 32).toString(36);
  return `_INBOX.gov.${part()}${part()}${part()}`;
}
