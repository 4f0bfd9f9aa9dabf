/** Signs bytes somewhere: a key in memory, an agent, a KMS or an HSM. It gets the DSSE payload, always small, and signs its pre-authentication encoding. */
export interface Signer {
  readonly sign: (input: {
    readonly payloadType: string;
    readonly payload: Uint8Array;
  }) => Promise<{ readonly keyId: string; readonly signature: Uint8Array }>;
}
