import { AtomicIoError } from "../errors.ts";
import type { FileSystem } from "../file-system.ts";
import { errnoOf, failed } from "../internal/errno.ts";
import { readFully } from "../internal/write-fully.ts";
import type { LockOwner } from "./lock-host.ts";

/** What the lock's file says: by which mechanism, within which namespace, and for whom the lock is held. */
export interface LockToken {
  readonly format: "gov.lock";
  readonly version: 1;
  /** `token-file` when the file itself is the lock. */
  readonly mechanism: string;
  readonly namespace: string | null;
  readonly owner: LockOwner;
  /** Tells one holding from the next. */
  readonly nonce: string;
}

const maxBytes = 65_536;

/** The text of the lock's file: one JSON document, so that a person can read who holds the lock. */
export function renderToken(token: LockToken): string {
  return `${JSON.stringify(token, null, 2)}\n`;
}

/** Reads the lock's file, or null when there is none; a file that is no token is refused, since it may belong to someone else. */
export async function readToken(fs: FileSystem, path: string): Promise<LockToken | null> {
  let text: string;
  try {
    const handle = await fs.open(path, "read");
    try {
      const buffer = new Uint8Array(maxBytes);
      text = Buffer.from(buffer.subarray(0, await readFully(handle, buffer, 0))).toString("utf8");
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw failed("ATOMIC_IO_LOCK_FAILED", `Cannot lock "${path}"`, { path, step: "reading the lock's file", cause: error });
  }
  const token = parseToken(text);
  if (token === null) {
    throw new AtomicIoError("ATOMIC_IO_LOCK_MISMATCH", `Cannot lock "${path}": the file there is not a lock of this version`, {
      details: { path },
      hint: "another program or a newer version may hold it; remove the file when nobody does",
    });
  }
  return token;
}

function parseToken(text: string): LockToken | null {
  try {
    const value = JSON.parse(text) as Partial<LockToken> | null;
    const fits =
      typeof value === "object" &&
      value?.format === "gov.lock" &&
      value.version === 1 &&
      typeof value.mechanism === "string" &&
      (value.namespace === null || typeof value.namespace === "string") &&
      typeof value.nonce === "string" &&
      typeof value.owner?.pid === "number" &&
      typeof value.owner.host === "string";
    return fits ? (value as LockToken) : null;
  } catch {
    return null;
  }
}
