import { guardedObserver, nodeWaitTimers, type WaitTimers } from "@gov/atomic-io/lock";
import { nodeRandom } from "../bridge/node-random.ts";
import { NatsService } from "../internal/nats/nats-service.ts";
import { atLeast, wholeAtLeast } from "../internal/option-range.ts";
import type { Observer } from "../observer.ts";
import type { StoreWriter } from "../store/store-writer.ts";
import type { StoreService } from "./store-service.ts";
import type { NatsConnection } from "./nats-connection.ts";

/** Options of {@link serveStore}. */
export interface ServeStoreOptions {
  /** Stream of JetStream that entries wait in; created when missing, with file storage. @default "GOV_INDEX" */
  readonly stream?: string | undefined;
  /** Subject that clients publish to. @default "gov.index.append" */
  readonly subject?: string | undefined;
  /** Entries that are taken from the stream and not yet in the record, at most. @default 1_000 */
  readonly maxInFlight?: number | undefined;
  /** How often stream and consumer are looked after, in milliseconds; so long may a lost one stay unnoticed. @default 1_000 */
  readonly checkMs?: number | undefined;
  /** Hears `nats.unavailable` and `nats.refused`. @default nobody */
  readonly observer?: Observer | undefined;
  /** @default the machine's timers */
  readonly timers?: WaitTimers | undefined;
  /** A number from 0 up to 1, for the name of the inbox. @default the machine's */
  readonly random?: (() => number) | undefined;
}

/**
 * Serves a record to clients of NATS: takes entries from a stream, appends them through the writer, and only then acknowledges, to the stream and to the client.
 * The stream is a waiting room and no record: whatever it loses, clients send again. Several services may serve one record; the wire protocol of JetStream is
 * spoken over plain requests, as far as servers from 2.9 on know it (docs/formats/index-store-nats-v1.md).
 *
 * @throws RangeError when an option is out of range.
 */
export async function serveStore(connection: NatsConnection, writer: StoreWriter, options: ServeStoreOptions = {}): Promise<StoreService> {
  const { stream = "GOV_INDEX", subject = "gov.index.append", maxInFlight = 1_000, checkMs = 1_000 } = options;
  const { timers = nodeWaitTimers, random = nodeRandom } = options;
  wholeAtLeast(1, maxInFlight, "Cannot serve a record: maxInFlight");
  atLeast(1, checkMs, "Cannot serve a record: checkMs");
  const observer = guardedObserver(options.observer);
  const service = new NatsService({ connection, writer, stream, subject, maxInFlight, checkMs, observer, timers, random });
  await service.start();
  return service;
}
