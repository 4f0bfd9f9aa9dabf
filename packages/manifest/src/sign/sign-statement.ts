import { encodeBase64 } from "./internal/base64.ts";
import type { Envelope } from "./envelope.ts";
import type { Signer } from "./signer.ts";
import { encodeStatement, statementPayloadType, type Statement } from "./statement.ts";

/**
 * Signs an in-toto statement with every signer, side by side, and returns the DSSE envelope; signatures stand in the order of the signers.
 * Each signer gets the same small payload, a few hundred bytes, whatever the statement speaks of.
 *
 * @throws RangeError when there is no signer: an unsigned envelope would prove nothing.
 */
export async function signStatement(statement: Statement, signers: readonly Signer[]): Promise<Envelope> {
  if (signers.length === 0) throw new RangeError("Cannot sign the statement: at least one signer is needed");
  const payload = encodeStatement(statement);
  const signed = await Promise.all(signers.map((signer) => signer.sign({ payloadType: statementPayloadType, payload: payload.slice() })));
  const signatures = signed.map(({ keyId, signature }) => ({ keyid: keyId, sig: encodeBase64(signature) }));
  return { payloadType: statementPayloadType, payload: encodeBase64(payload), signatures };
}
