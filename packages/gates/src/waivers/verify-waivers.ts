import type { Finding, JsonValue } from "@gov/schema";
import { makeFinding } from "../internal/make-finding.ts";
import { isWaiver, type SignedWaiver } from "./waiver.ts";

/** Verifies the signatures of an envelope under a trust policy; throws when they are not enough. Whoever owns keys provides it. */
export interface SignatureVerifier {
  readonly verify: (
    envelope: JsonValue,
    policy: JsonValue,
  ) => Promise<{
    readonly payload: Uint8Array;
    readonly signers: readonly { readonly person: string; readonly role: string; readonly thumbprint: string }[];
  }>;
}

/** The waivers whose signatures hold, and why the others do not. */
export interface VerifiedWaivers {
  readonly waivers: readonly SignedWaiver[];
  readonly findings: readonly Finding[];
}

/**
 * Verifies signed waivers, each on its own: one that was not signed, was signed by nobody the policy trusts, or is no waiver is a finding
 * and has no effect (GOV-11). What is read is exactly the bytes that were verified. Of two with one id neither counts.
 */
export async function verifyWaivers(
  envelopes: readonly JsonValue[],
  options: { readonly verifier: SignatureVerifier; readonly policy: JsonValue },
): Promise<VerifiedWaivers> {
  const { verifier, policy } = options;
  const read = await Promise.all(
    envelopes.map(async (envelope, index): Promise<SignedWaiver | Finding> => {
      try {
        const { payload, signers } = await verifier.verify(envelope, policy);
        const waiver: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
        if (!isWaiver(waiver)) return makeFinding("GATES_WAIVER_INVALID", `Signed document ${index + 1} is no waiver`);
        return { waiver, signers: signers.map(({ person, role }) => ({ person, role })) };
      } catch (error) {
        return makeFinding("GATES_WAIVER_INVALID", `Waiver ${index + 1} is not signed as the policy asks: ${String(error)}`);
      }
    }),
  );
  const waivers = read.filter((item): item is SignedWaiver => "waiver" in item);
  const findings = read.filter((item): item is Finding => !("waiver" in item));
  const twice = waivers.filter(({ waiver }) => waivers.some((other) => other.waiver !== waiver && other.waiver.id === waiver.id));
  const ids = new Set(twice.map(({ waiver }) => waiver.id));
  return {
    waivers: waivers.filter(({ waiver }) => !ids.has(waiver.id)),
    findings: [...findings, ...[...ids].map((id) => makeFinding("GATES_ID_DUPLICATE", `Waiver id "${id}" is used more than once`))],
  };
}
