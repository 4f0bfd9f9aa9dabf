import type { WriteMode } from "./mode-rules.ts";

/** The single writer behind `dual_write` and `bridge`, as a port. Digests are lower-case hexadecimal SHA-256. */
export interface BridgeWriter {
  /** Takes a write over; resolves once it is journaled and cannot be lost. The same content for the same path again is no second write. */
  readonly submit: (write: { readonly path: string; readonly bytes: Uint8Array; readonly digest: string }) => Promise<void>;
  /** Digest of the content last taken over for a path, or null. */
  readonly accepted: (path: string) => Promise<string | null>;
}

/** What a write achieved. */
export interface DocumentWritten {
  readonly path: string;
  readonly digest: string;
  readonly mode: WriteMode;
  /** Whether a reader could have seen a part of it. */
  readonly atomic: boolean;
}

/** A path whose two legs do not hold the same. */
export interface Divergence {
  readonly path: string;
  /** Digest of the file, null when there is none. */
  readonly file: string | null;
  /** Digest that the single writer has, null when it has none. */
  readonly bridge: string | null;
}

/** What was done about writes that a crash had left between their two legs. */
export interface ModeRecovery {
  /** Written on both legs in the end. */
  readonly finished: readonly string[];
  /** Neither leg had it, nobody was told. */
  readonly abandoned: readonly string[];
  /** Cannot be finished without choosing between two contents. */
  readonly diverged: readonly Divergence[];
}

/** Writes documents in one mode; the same interface for all of them. */
export interface DocumentWriter {
  readonly mode: WriteMode;
  readonly recovered: ModeRecovery;
  /** Writes a document, acknowledged as durable in this mode's own sense. @throws AtomicIoError `ATOMIC_IO_OUTSIDE_ROOT`; the codes of `replaceFile`. */
  readonly write: (path: string, data: string | ArrayBufferView) => Promise<DocumentWritten>;
  /** Writes the file itself, past the single writer. @throws AtomicIoError `ATOMIC_IO_MODE_REJECTED` in mode `bridge` (IDX-09). */
  readonly writeDirect: (path: string, data: string | ArrayBufferView) => Promise<DocumentWritten>;
  /** Compares both legs of paths; there are two only in `dual_write`. */
  readonly compare: (paths: readonly string[]) => Promise<readonly Divergence[]>;
  readonly close: () => Promise<void>;
}
