const encoder = new TextEncoder();

/**
 * Returns the bytes that a DSSE signature covers: `DSSEv1 <length> <type> <length> <payload>`, lengths in bytes (DSSE v1, PAE).
 * The payload type is part of what is signed, so an envelope of one type never passes for another.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = encoder.encode(payloadType);
  const head = encoder.encode(`DSSEv1 ${String(type.length)} ${payloadType} ${String(payload.length)} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}
