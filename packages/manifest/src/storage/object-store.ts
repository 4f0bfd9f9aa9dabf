import { type Digest, digestBytes, isDigest } from "@gov/schema/canonical";
import type { Clock } from "../clock.ts";
import { ManifestError } from "../errors.ts";
import { parseInstant } from "../internal/instant.ts";
import { decryptObject, encryptObject, keyIdOf } from "./internal/encrypted-object.ts";
import { readRetention, writeRetention } from "./internal/retention.ts";
import type { KeyRing } from "./key-ring.ts";
import { nodeRandomBytes, type RandomBytes } from "./node-random.ts";
import type { ObjectBackend } from "./object-backend.ts";

/** Options of {@link createObjectStore}. */
export interface ObjectStoreOptions {
  /** Says whether a retention has passed; there is no default. */
  readonly clock: Clock;
  /** Encrypts objects at rest, by AES-256-GCM. @default none: objects are kept as they are, and `sha256sum` of a file is its name */
  readonly keys?: KeyRing | undefined;
  /** @default random bytes of the machine */
  readonly random?: RandomBytes | undefined;
}

/** Options of {@link ObjectStore.put}. */
export interface PutOptions {
  /** First instant at which the object may be removed, RFC 3339 UTC; a longer one that stands already stays. @default at once */
  readonly retainUntil?: string | undefined;
}

/** Keeps bytes by their digest: the same content once, never other content, and none before its time is over (MAN-13). */
export interface ObjectStore {
  /** Stores bytes and returns their digest once they survive a power cut. What is there already, and whole, is not written again; what is damaged is healed. */
  readonly put: (bytes: Uint8Array, options?: PutOptions) => Promise<Digest>;
  /**
   * Returns the bytes of a digest, checked against it, or null when there are none.
   *
   * @throws {@link ManifestError} `MANIFEST_OBJECT_CORRUPT`, `MANIFEST_OBJECT_KEY_MISSING`.
   */
  readonly get: (digest: Digest) => Promise<Uint8Array | null>;
  /**
   * Removes an object whose retention has passed; false when there is none.
   *
   * @throws {@link ManifestError} `MANIFEST_OBJECT_RETAINED` before that, and when the retention cannot be read.
   */
  readonly remove: (digest: Digest) => Promise<boolean>;
  /** Returns how long an object is retained, or null when it may go. */
  readonly retainedUntil: (digest: Digest) => Promise<string | null>;
  /** Digests of all objects, sorted; not checked. */
  readonly list: () => Promise<readonly Digest[]>;
  /**
   * Encrypts with the current key whatever is kept plain or under another key, and returns how many; can be cut short and run again.
   *
   * @throws {@link ManifestError} `MANIFEST_OBJECT_CORRUPT`, `MANIFEST_OBJECT_KEY_MISSING`. RangeError without keys.
   */
  readonly rekey: () => Promise<number>;
}

/**
 * Creates an object store on a backend: content-addressed, write-once, with retention enforced, encrypted on request (MAN-13, NFR-04). Objects are named by the digest of
 * their plain bytes, so who sees the names can tell whether some known file is kept.
 */
export function createObjectStore(backend: ObjectBackend, options: ObjectStoreOptions): ObjectStore {
  const { clock, keys, random = nodeRandomBytes } = options;
  const findPlain = async (digest: Digest): Promise<Found | null> => {
    const plain = await backend.read(nameOf("objects", digest));
    return plain === null ? null : { bytes: digestBytes(plain) === digest ? plain : null, area: "objects", keyId: null };
  };
  /** Bytes and where they stand; null bytes when what stands there is damaged. Where this store writes to is looked at first. */
  const find = async (digest: Digest): Promise<Found | null> => {
    const plain = keys === undefined ? await findPlain(digest) : null;
    if (plain !== null && plain.bytes !== null) return plain;
    const sealed = await backend.read(nameOf("sealed", digest));
    if (keys === undefined) {
      if (sealed !== null) throw corruptOrLocked(digest, sealed);
      return plain;
    }
    const opened = sealed === null ? null : await decryptObject(sealed, { digest, keys });
    if (sealed !== null && opened !== null && digestBytes(opened) === digest)
      return { bytes: opened, area: "sealed", keyId: keyIdOf(sealed) };
    const other = await findPlain(digest);
    return (other === null || other.bytes === null) && sealed !== null ? { bytes: null, area: "sealed", keyId: null } : other;
  };
  const get = async (digest: Digest): Promise<Uint8Array | null> => {
    const found = await find(assertDigest(digest));
    if (found !== null && found.bytes === null) throw corrupt(digest);
    return found?.bytes ?? null;
  };
  const list = async (): Promise<readonly Digest[]> => {
    const names = [...(await backend.list("objects/")), ...(await backend.list("sealed/"))];
    return [...new Set(names.map(digestOf).filter((digest) => digest !== null))].sort();
  };
  const write = async (bytes: Uint8Array, digest: Digest): Promise<void> => {
    const stored = keys === undefined ? bytes : await encryptObject(bytes, { digest, keys, random });
    const name = nameOf(keys === undefined ? "objects" : "sealed", digest);
    // A taken name holds damaged bytes, or those of a writer who was faster; both may be replaced by this content.
    if (!(await backend.create(name, stored))) await backend.replace(name, stored);
  };
  return {
    get,
    list,
    put: async (bytes, { retainUntil } = {}) => {
      const digest = digestBytes(bytes);
      // Before the object, so that none ever stands there unprotected.
      if (retainUntil !== undefined) await writeRetention(backend, { digest, retainUntil });
      const found = await find(digest).catch((error: unknown) => {
        if (error instanceof ManifestError && error.code === "MANIFEST_OBJECT_KEY_MISSING" && keys !== undefined) return null;
        throw error;
      });
      const whole = found !== null && found.bytes !== null && found.area === (keys === undefined ? "objects" : "sealed");
      if (whole) await backend.settle(nameOf(keys === undefined ? "objects" : "sealed", digest));
      else await write(bytes, digest);
      return digest;
    },
    remove: async (digest) => {
      const until = await readRetention(backend, assertDigest(digest));
      if (until !== null && !((parseInstant(until) ?? Infinity) <= clock.now()))
        throw new ManifestError("MANIFEST_OBJECT_RETAINED", `Cannot remove object "${digest}": it is retained until ${until}`, {
          details: { digest, retainUntil: until },
          hint: "Wait until then; a retention is never shortened",
        });
      const gone = [await backend.remove(nameOf("objects", digest)), await backend.remove(nameOf("sealed", digest))];
      if (until !== null) await backend.remove(nameOf("retention", digest));
      return gone.includes(true);
    },
    retainedUntil: (digest) => readRetention(backend, assertDigest(digest)),
    rekey: async () => {
      if (keys === undefined) throw new RangeError("Cannot rekey: the store has no keys");
      let count = 0;
      for (const digest of await list()) {
        const found = await find(digest);
        if (found === null) continue;
        if (found.bytes === null) throw corrupt(digest);
        if (found.area === "objects" || found.keyId !== keys.current) {
          await write(found.bytes, digest);
          count++;
        }
        // Only once it is kept encrypted.
        await backend.remove(nameOf("objects", digest));
      }
      return count;
    },
  };
}

interface Found {
  readonly bytes: Uint8Array | null;
  readonly area: "objects" | "sealed";
  readonly keyId: string | null;
}

/** Name of an object in the backend: two digits, then the other 62, below what it is. @internal */
function nameOf(area: "objects" | "sealed" | "retention", digest: Digest): string {
  const hex = digest.slice("sha256:".length);
  return `${area}/${hex.slice(0, 2)}/${hex.slice(2)}`;
}

function digestOf(name: string): Digest | null {
  const digest = `sha256:${name.split("/").slice(1).join("")}`;
  return isDigest(digest) ? digest : null;
}

function assertDigest(digest: Digest): Digest {
  if (!isDigest(digest)) throw new RangeError(`Cannot look up "${String(digest)}": it is no SHA-256 digest`);
  return digest;
}

function corruptOrLocked(digest: Digest, sealed: Uint8Array): ManifestError {
  const keyId = keyIdOf(sealed);
  if (keyId === null) return corrupt(digest);
  return new ManifestError("MANIFEST_OBJECT_KEY_MISSING", `Cannot open object "${digest}": it is encrypted, and the store has no keys`, {
    details: { digest, keyId },
    hint: "Give the store its key ring",
  });
}

function corrupt(digest: Digest): ManifestError {
  return new ManifestError("MANIFEST_OBJECT_CORRUPT", `Cannot read object "${digest}": what is kept does not match its digest`, {
    details: { digest },
    hint: "Repair the store from its backup",
  });
}
