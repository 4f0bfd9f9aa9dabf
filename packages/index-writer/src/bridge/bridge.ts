import type { JsonValue } from "@gov/schema";
import type { BreakerState } from "./circuit-breaker.ts";

/** An entry on its way from many clients to the one writer. */
export interface BridgeEntry {
  /** Place in the order, from 1, without gaps. */
  readonly seq: number;
  /** The client's own name for it: appending it again gives the same entry. */
  readonly id: string;
  readonly payload: JsonValue;
}

/** An entry that could not be delivered. */
export interface DeadLetter extends BridgeEntry {
  /** Message of each failed attempt, the oldest first. */
  readonly errors: readonly string[];
}

/** How a bridge is doing (IDX-13). */
export interface BridgeHealth {
  /** Entries accepted and neither delivered nor dead. */
  readonly depth: number;
  /** Bytes of their payloads. */
  readonly pendingBytes: number;
  /** How far delivery is behind: the newest sequence number less the last before the oldest waiting entry. */
  readonly lag: number;
  readonly deadLetters: number;
  readonly breaker: BreakerState;
  /** Share of failed attempts among the last 100, from 0 to 1; 0 before the first. */
  readonly errorRate: number;
}

/** What {@link Bridge.drain} did. */
export interface DrainReport {
  readonly delivered: number;
  readonly dead: number;
  /** Why it ended: nothing left, the circuit breaker is open, or the signal was given. */
  readonly stopped: "empty" | "breaker_open" | "aborted";
}

/** The single-writer bridge: a durable queue that any number of clients append to and one writer drains, at least once and in order. */
export interface Bridge extends AsyncDisposable {
  /**
   * Accepts an entry and resolves once it survives a power cut (IDX-10, IDX-11). An id is known for ever: the same content again gives the sequence number it
   * has, whether it has been delivered or not.
   *
   * @throws {@link IndexError} `INDEX_BRIDGE_CONFLICT` for a known id with other content; `INDEX_BRIDGE_FULL` when the queue is at its bound: nothing was
   * accepted, drain and retry; `INDEX_CLOSED`.
   * @throws RangeError for an id that is not 1 to 256 well-formed characters, or a payload of more than 255 MiB: nothing was accepted.
   */
  readonly append: (id: string, payload: JsonValue) => Promise<{ readonly seq: number; readonly duplicate: boolean }>;
  /**
   * Delivers waiting entries in their order. A failed delivery is tried again after a growing wait; an entry that fails too often becomes a dead letter and the
   * next one goes on. Calls made while one is under way share it.
   */
  readonly drain: (options?: { readonly signal?: AbortSignal | undefined }) => Promise<DrainReport>;
  readonly deadLetters: () => readonly DeadLetter[];
  /** Puts dead letters back among the waiting entries, at their old place in the order; by sequence number, or all. Returns how many. */
  readonly redrive: (seqs?: readonly number[]) => Promise<number>;
  readonly health: () => BridgeHealth;
  /** Waits for what is under way, then lets the next holder in. */
  readonly close: () => Promise<void>;
}
