import { nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import type { BackoffOptions } from "../bridge/backoff.ts";
import { nodeRandom } from "../bridge/node-random.ts";
import { NatsClientHolder } from "../internal/nats/nats-client-holder.ts";
import { atLeast, backoffWithin } from "../internal/option-range.ts";
import type { NatsClient } from "./nats-client.ts";
import type { NatsConnection, NatsHeaders } from "./nats-connection.ts";

/** Options of {@link openNatsClient}. */
export interface OpenNatsClientOptions {
  /** Subject that {@link serveStore} listens to. @default "gov.index.append" */
  readonly subject?: string | undefined;
  /** How long an attempt waits for the record, in milliseconds, before the entry is sent again. @default 2_000 */
  readonly attemptMs?: number | undefined;
  /** How long an entry is tried for, in milliseconds, before the caller is told that nothing is certain. @default 30_000 */
  readonly timeoutMs?: number | undefined;
  /** Waits after a failed attempt. @default from 100 ms to 10 s, doubling, with full jitter */
  readonly backoff?: BackoffOptions | undefined;
  /**
   * `headers` of the NATS client: with it, the first attempt carries the entry's id as `Nats-Msg-Id`, so that the stream holds fewer duplicates. Nothing depends
   * on it. @default no headers
   */
  readonly headers?: (() => NatsHeaders) | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** A number from 0 up to 1, for jitter and for the name of the inbox. @default the machine's */
  readonly random?: (() => number) | undefined;
}

/**
 * Opens a client of a record that {@link serveStore} serves.
 *
 * @throws RangeError when an option is out of range.
 */
export function openNatsClient(connection: NatsConnection, options: OpenNatsClientOptions = {}): NatsClient {
  const { subject = "gov.index.append", attemptMs = 2_000, timeoutMs = 30_000, backoff = {}, headers } = options;
  const { timers = nodeWaitTimers, random = nodeRandom } = options;
  atLeast(1, attemptMs, "Cannot open a client: attemptMs");
  atLeast(0, timeoutMs, "Cannot open a client: timeoutMs");
  backoffWithin(backoff, "Cannot open a client");
  return new NatsClientHolder({ connection, subject, attemptMs, timeoutMs, backoff, headers, timers, random });
}
