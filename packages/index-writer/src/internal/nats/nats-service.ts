import type { WaitTimers } from "@gov/atomic-io/lock";
import { isSchemaError } from "@gov/schema";
import { isIndexError } from "../../errors.ts";
import type { NatsConnection, NatsMessage } from "../../nats/nats-connection.ts";
import type { StoreService } from "../../nats/store-service.ts";
import type { Observer } from "../../observer.ts";
import type { StoreWriter } from "../../store/store-writer.ts";
import { apiErrorOf, inboxName, parseRequest, renderPlaced, renderRefused } from "./wire.ts";

/** What a service works with. */
export interface NatsServiceStart {
  readonly connection: NatsConnection;
  readonly writer: StoreWriter;
  readonly stream: string;
  readonly subject: string;
  readonly maxInFlight: number;
  readonly checkMs: number;
  readonly observer: Observer | undefined;
  readonly timers: WaitTimers;
  readonly random: () => number;
}

/** Name of the consumer that all services of a stream share. */
const durable = "gov_index_writer";
/** The stream or consumer is there, made with other settings: whoever made it so meant it. */
const nameInUse = new Set([10_058, 10_148, 10_013]);

/** Takes entries from a stream as long as it is open. */
export class NatsService implements StoreService {
  readonly #start: NatsServiceStart;
  readonly #inbox: string;
  readonly #stopped = new AbortController();
  readonly #underway = new Set<Promise<void>>();
  #subscription: ReturnType<NatsConnection["subscribe"]> | null = null;
  /** Entries that the stream may still send for what was asked. */
  #asked = 0;
  #looking: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(start: NatsServiceStart) {
    this.#start = start;
    this.#inbox = inboxName(start.random);
  }

  /** Looks after subscription, stream and consumer once; a server that is not there is looked for again. */
  async start(): Promise<void> {
    this.#subscribe();
    await this.#check();
    this.#looking = this.#look();
  }

  inFlight(): number {
    return this.#underway.size;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stopped.abort();
    this.#subscription?.unsubscribe();
    await this.#looking;
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async #look(): Promise<void> {
    const { timers, checkMs } = this.#start;
    while (!this.#stopped.signal.aborted) {
      await timers.sleep(checkMs, this.#stopped.signal).catch(() => undefined);
      if (!this.#stopped.signal.aborted) await this.#check();
    }
  }

  async #check(): Promise<void> {
    const { stream } = this.#start;
    try {
      this.#subscribe();
      const info = await this.#ask(`CONSUMER.INFO.${stream}.${durable}`, "");
      if (info !== null) await this.#create();
      // What was asked before has run out by now.
      this.#asked = 0;
      this.#pull();
    } catch (error) {
      this.#tellUnavailable(error);
    }
  }

  #tellUnavailable(error: unknown): void {
    const { stream, observer } = this.#start;
    observer?.event("nats.unavailable", { stream, reason: error instanceof Error ? error.message : String(error) });
  }

  /** Subscribes, unless a subscription stands: one ends when the server takes it back, as for want of a permission. */
  #subscribe(): void {
    if (this.#subscription !== null) return;
    const subscription = this.#start.connection.subscribe(this.#inbox);
    this.#subscription = subscription;
    void this.#listen(subscription)
      .catch((error: unknown) => this.#tellUnavailable(error))
      .finally(() => {
        if (this.#subscription === subscription) this.#subscription = null;
      });
  }

  async #create(): Promise<void> {
    const { stream, subject, maxInFlight } = this.#start;
    const streamConfig = { name: stream, subjects: [subject], retention: "workqueue", storage: "file", discard: "new", num_replicas: 1 };
    await this.#mustAnswer(`STREAM.CREATE.${stream}`, streamConfig);
    const config = { durable_name: durable, ack_policy: "explicit", deliver_policy: "all", ack_wait: 30e9, max_ack_pending: maxInFlight };
    await this.#mustAnswer(`CONSUMER.DURABLE.CREATE.${stream}.${durable}`, { stream_name: stream, config });
  }

  async #mustAnswer(api: string, body: object): Promise<void> {
    const error = await this.#ask(api, JSON.stringify(body));
    if (error !== null && !nameInUse.has(error.errCode)) throw new Error(`JetStream refuses ${api}: ${error.description}`);
  }

  async #ask(api: string, body: string): Promise<ReturnType<typeof apiErrorOf>> {
    return apiErrorOf((await this.#start.connection.request(`$JS.API.${api}`, body, { timeout: 2_000 })).data);
  }

  #pull(): void {
    const { connection, stream, maxInFlight, checkMs } = this.#start;
    const batch = maxInFlight - this.#underway.size - this.#asked;
    if (batch <= 0 || this.#stopped.signal.aborted) return;
    this.#asked += batch;
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify({ batch, expires: Math.max(1, checkMs) * 1e6 }), {
      reply: this.#inbox,
    });
  }

  async #listen(subscription: AsyncIterable<NatsMessage>): Promise<void> {
    for await (const message of subscription) {
      // Anything else says that a request ran out.
      if (message.reply?.startsWith("$JS.ACK.") !== true) continue;
      this.#asked = Math.max(0, this.#asked - 1);
      const done = this.#take(message.reply, message.data).finally(() => this.#underway.delete(done));
      this.#underway.add(done);
      if (this.#asked < this.#start.maxInFlight / 4) this.#pull();
    }
  }

  async #take(acknowledge: string, data: Uint8Array): Promise<void> {
    const { writer, observer } = this.#start;
    const request = parseRequest(data);
    if (request === null) {
      observer?.event("nats.refused", { reason: "it is no entry" });
      this.#publish(acknowledge, "+TERM");
      return;
    }
    const { id, payload, reply } = request;
    try {
      const placed = await writer.append(id, payload);
      // The client first: were only the stream told, it would wait for an answer that nobody gives any more.
      this.#publish(reply, renderPlaced(placed));
      this.#publish(acknowledge, "+ACK");
    } catch (error) {
      const code = isIndexError(error) ? error.code : null;
      // A SchemaError: a payload without a canonical form, which no repetition gives it.
      if (code === "INDEX_ID_CONFLICT" || error instanceof RangeError || error instanceof TypeError || isSchemaError(error)) {
        const message = error instanceof Error ? error.message : String(error);
        observer?.event("nats.refused", { reason: message });
        this.#publish(reply, renderRefused(code ?? "RANGE", message, isIndexError(error) ? error.details : {}));
        this.#publish(acknowledge, "+TERM");
      } else this.#publish(acknowledge, `-NAK {"delay": ${1e9}}`);
    }
  }

  /** What does not get out is sent again by whoever misses it. */
  #publish(subject: string, text: string): void {
    try {
      this.#start.connection.publish(subject, text);
    } catch {
      return;
    }
  }
}
