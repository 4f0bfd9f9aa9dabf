/**
 * A transport in front of a record: entries travel through NATS JetStream, and are acknowledged only once the record has them. The connection is given, so nothing is
 * installed beside.
 *
 * @example Serve a record and append to it
 * ```ts
 * import assert from "node:assert/strict";
 * import { openFileStore, openStoreWriter } from "@gov/index-writer";
 * import { openNatsClient, serveStore } from "@gov/index-writer/nats";
 *
 * // With `@nats-io/transport-node`: `const connection = await connect({ servers })`; here nobody answers.
 * const silence = Object.assign((async function* () {})(), { unsubscribe: () => undefined });
 * const connection = { publish: () => undefined, request: () => Promise.reject(new Error("no server")), subscribe: () => silence };
 *
 * const store = await openFileStore("record");
 * const service = await serveStore(connection, openStoreWriter(store));
 * const client = openNatsClient(connection, { timeoutMs: 50, backoff: { maxMs: 10 } });
 * await assert.rejects(client.append("report-1", { verdict: "PASS" }), { code: "INDEX_COMMIT_UNCERTAIN" });
 * for (const each of [client, service, store]) await each.close();
 * ```
 *
 * @packageDocumentation
 */
export type { NatsConnection, NatsHeaders, NatsMessage } from "./nats-connection.ts";
export type { NatsClient } from "./nats-client.ts";
export { openNatsClient, type OpenNatsClientOptions } from "./open-nats-client.ts";
export { serveStore, type ServeStoreOptions } from "./serve-store.ts";
export type { StoreService } from "./store-service.ts";
