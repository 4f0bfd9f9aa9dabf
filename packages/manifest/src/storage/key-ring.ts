/** Keys for encryption at rest (NFR-04). Rotation: add a key, make it current, call `rekey()` of the store, then drop the old one. */
export interface KeyRing {
  /** Id of the key new objects are encrypted with; 1 to 64 of `A-Z a-z 0-9 . _ -`. */
  readonly current: string;
  /** Returns the 32 bytes of a key, or null when there is no such key; a KMS that unwraps keys fits. */
  readonly key: (id: string) => Promise<Uint8Array | null>;
}
