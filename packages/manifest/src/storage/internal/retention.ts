import type { Digest } from "@gov/schema/canonical";
import { parseInstant } from "../../internal/instant.ts";
import type { ObjectBackend } from "../object-backend.ts";

/** Returns the instant until which an object is retained, as written; a text that is no instant is returned too, and retains for ever. */
export async function readRetention(backend: ObjectBackend, digest: Digest): Promise<string | null> {
  const bytes = await backend.read(retentionName(digest));
  return bytes === null ? null : new TextDecoder().decode(bytes).trimEnd();
}

/** Writes a retention, unless a longer one stands there. */
export async function writeRetention(
  backend: ObjectBackend,
  { digest, retainUntil }: { readonly digest: Digest; readonly retainUntil: string },
): Promise<void> {
  const until = parseInstant(retainUntil);
  if (until === null) throw new RangeError(`Cannot retain until "${retainUntil}": it must be an RFC 3339 time in UTC`);
  const name = retentionName(digest);
  const bytes = new TextEncoder().encode(`${retainUntil}\n`);
  if (await backend.create(name, bytes)) return;
  const standing = await readRetention(backend, digest);
  if (standing === null || (parseInstant(standing) ?? Infinity) < until) await backend.replace(name, bytes);
  else await backend.settle(name);
}

function retentionName(digest: Digest): string {
  const hex = digest.slice("sha256:".length);
  return `retention/${hex.slice(0, 2)}/${hex.slice(2)}`;
}
