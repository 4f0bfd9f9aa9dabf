/**
 * Where objects are kept: a folder, a bucket, a table. Six calls on names and bytes; digests, encryption and retention are above it.
 * `objectBackendConformance` in `@gov/manifest/testing` says in code what each must do.
 */
export interface ObjectBackend {
  /** Stores bytes under a name that is free, all or nothing, and returns true once they survive a power cut; false when the name is taken, and nothing changes. */
  readonly create: (name: string, bytes: Uint8Array) => Promise<boolean>;
  /** Stores bytes under a name, taken or not; a reader sees the old bytes or the new ones. Used for repair, keys and longer retention, never for other content. */
  readonly replace: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Makes what stands under a name survive a power cut, also where its writer died before that. */
  readonly settle: (name: string) => Promise<void>;
  /** Returns the bytes, the caller's own, or null when there are none. */
  readonly read: (name: string) => Promise<Uint8Array | null>;
  /** Removes a name durably; false when there was none. */
  readonly remove: (name: string) => Promise<boolean>;
  /** Names that begin with the prefix, sorted by code unit. */
  readonly list: (prefix: string) => Promise<readonly string[]>;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,99}(?:\/[a-z0-9][a-z0-9._-]{0,99}){0,7}$/;

/**
 * Refuses a name that could mean another place or another file somewhere: segments of lower-case letters, digits, dot, hyphen and underscore, none of which begins
 * with a dot.
 *
 * @throws RangeError
 */
export function assertObjectName(name: string): void {
  if (!namePattern.test(name))
    throw new RangeError(`Cannot use "${name}" as the name of an object: segments of a-z, 0-9, ".", "-" and "_" are taken`);
}
