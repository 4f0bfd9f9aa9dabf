import { isDigest } from "@gov/schema/canonical";

/** Refuses what a verifier is said to have seen when it names no place and digest: compared with anything, it would hide a rollback or a fork. */
export function assertKnown(known: { readonly sequence: number; readonly digest: string } | null | undefined): void {
  if (known === undefined) return;
  if (known === null || !Number.isSafeInteger(known.sequence) || known.sequence < 1 || !isDigest(known.digest))
    throw new RangeError(`Cannot verify behind what was seen: "known" must have a whole sequence of at least 1 and a digest`);
}
