import type { JsonValue } from "@gov/schema";

/** Somebody who wants to do something, and how we know who it is. */
export interface Actor {
  readonly name: string;
  /** `signature` by a key bound to the person, `ci` identity, or null for a name that anybody could give. */
  readonly proof: "ci" | "signature" | null;
}

/** Checks a credential and says whom it proves; throws for one that proves nobody. */
export interface IdentityVerifier {
  readonly verify: (credential: JsonValue) => Promise<{ readonly person: string; readonly kind: "ci" | "signature" }>;
}

/**
 * The actor of a claim: proven when the credential proves exactly the claimed name, else only a name. A credential that proves
 * somebody else proves nothing about the claim.
 */
export async function proveActor(
  claim: { readonly name: string; readonly credential: JsonValue },
  options: { readonly verifier: IdentityVerifier },
): Promise<Actor> {
  try {
    const { person, kind } = await options.verifier.verify(claim.credential);
    return { name: claim.name, proof: person === claim.name ? kind : null };
  } catch {
    return { name: claim.name, proof: null };
  }
}
