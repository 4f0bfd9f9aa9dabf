import { ManifestError } from "../errors.ts";
import { createKeySigner } from "./node-key-signer.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";
import type { Signer } from "./signer.ts";

/** Finds a signer by the name of its key (MAN-11, B-22): PEM texts, an agent, a KMS or an HSM stand behind it. */
export interface KeyProvider {
  /** Rejects when there is no such key; never returns a signer with another one. */
  readonly signer: (keyName: string) => Promise<Signer>;
}

/** What {@link createPemKeyProvider} asks. */
export interface PemKeyProviderOptions {
  /** Returns the PEM text of a key, encrypted or not, or null when there is none. */
  readonly readPem: (keyName: string) => Promise<string | null>;
  /** Returns the passphrase of an encrypted key; asked for nothing else. @default none, so encrypted keys stay locked */
  readonly readPassphrase?: ((keyName: string) => Promise<string>) | undefined;
  /** Algorithm by key name, for RSA keys that sign with PSS. @default that of the key's type */
  readonly algorithms?: Readonly<Record<string, SignatureAlgorithm>> | undefined;
}

/**
 * Creates a key provider over PEM texts, wherever they stand. Keys are read when asked for and not kept; the hint beside a signature is the name of the key.
 *
 * @throws {@link ManifestError} from `signer`: `MANIFEST_KEY_NOT_FOUND`, `MANIFEST_KEY_LOCKED` or `MANIFEST_KEY_REFUSED`.
 */
export function createPemKeyProvider({ readPem, readPassphrase, algorithms = {} }: PemKeyProviderOptions): KeyProvider {
  return {
    signer: async (keyName) => {
      const pem = await readPem(keyName);
      if (pem === null)
        throw new ManifestError("MANIFEST_KEY_NOT_FOUND", `Cannot sign with key "${keyName}": there is no such key`, {
          details: { keyName },
          hint: "Give the provider a key of that name, or sign with one it has",
        });
      const passphrase = pem.includes("BEGIN ENCRYPTED PRIVATE KEY") ? await readPassphrase?.(keyName) : undefined;
      const algorithm = Object.hasOwn(algorithms, keyName) ? algorithms[keyName] : undefined;
      return createKeySigner(pem, { keyId: keyName, passphrase, algorithm });
    },
  };
}
