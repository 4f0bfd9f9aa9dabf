import type { WaitTimers } from "@gov/atomic-io/lock";
import type { JsonValue } from "@gov/schema";
import { backoffDelay, type BackoffOptions } from "../../bridge/backoff.ts";
import { IndexError } from "../../errors.ts";
import type { NatsConnection, NatsHeaders, NatsMessage } from "../../nats/nats-connection.ts";
import type { NatsClient } from "../../nats/nats-client.ts";
import type { CommittedEntry } from "../../store/index-store.ts";
import { prepareEntries, uncertain } from "../store/entry-codec.ts";
import { apiErrorOf, inboxName, parseAnswer } from "./wire.ts";

/** What a client works with. */
export interface NatsClientStart {
  readonly connection: NatsConnection;
  readonly subject: string;
  readonly attemptMs: number;
  readonly timeoutMs: number;
  readonly backoff: BackoffOptions;
  readonly headers: (() => NatsHeaders) | undefined;
  readonly timers: WaitTimers;
  readonly random: () => number;
}

interface Waiting {
  readonly answer: (answer: CommittedEntry | Error) => void;
}

interface Sending extends Waiting {
  readonly id: string;
  readonly text: string;
  readonly settled: AbortSignal;
}

/** `err_code` of JetStream for a message beyond the `max_msg_size` of the stream. */
const messageTooLarge = 10_054;

function tooLarge(id: string, what: string, details: Readonly<Record<string, number>>, hint: string): IndexError {
  return new IndexError("INDEX_TOO_LARGE", `Cannot append "${id}": ${what}`, {
    details: { id, ...details },
    hint: `make several entries of it, or ${hint}`,
  });
}

/** Sends entries until the record answers. */
export class NatsClientHolder implements NatsClient {
  readonly #start: NatsClientStart;
  readonly #inbox: string;
  #subscription: ReturnType<NatsConnection["subscribe"]> | null = null;
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopped = new AbortController();
  #tokens = 0;

  constructor(start: NatsClientStart) {
    this.#start = start;
    this.#inbox = inboxName(start.random);
    this.#subscribe();
  }

  async append(id: string, payload: JsonValue): Promise<CommittedEntry> {
    if (this.#stopped.signal.aborted) throw new IndexError("INDEX_CLOSED", "Cannot append: the client is closed");
    prepareEntries([{ id, payload }]);
    const token = String(++this.#tokens);
    const text = JSON.stringify({ id, payload, reply: `${this.#inbox}.${token}` });
    this.#mustFit(id, text);
    this.#subscribe();
    const settled = new AbortController();
    let found: CommittedEntry | Error | null = null;
    const answer = (given: CommittedEntry | Error): void => {
      found = given;
      settled.abort();
    };
    this.#waiting.set(token, { answer });
    try {
      await this.#send({ id, text, answer, settled: settled.signal });
    } finally {
      this.#waiting.delete(token);
    }
    if ((found as unknown) instanceof Error) throw found as unknown as Error;
    if (found === null) throw uncertain(new Error("The record gave no answer in time"));
    return found;
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    this.#subscription?.unsubscribe();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sends until an answer is there, the time is over, or the client is closed. */
  async #send({ id, text, answer, settled }: Sending): Promise<void> {
    const { timers, timeoutMs, attemptMs, backoff, random } = this.#start;
    const untilMs = timers.monotonicMs() + timeoutMs;
    const ended = (): boolean => settled.aborted || this.#stopped.signal.aborted || timers.monotonicMs() >= untilMs;
    for (let attempt = 1; !ended(); attempt++) {
      const over = new AbortController();
      const signal = AbortSignal.any([settled, over.signal, this.#stopped.signal]);
      void this.#publish(text, attempt === 1 ? id : null).then((fate) => {
        if (fate === "too large") answer(tooLarge(id, "the stream takes no message of its size", {}, "raise max_msg_size of the stream"));
        else if (fate === "not taken") over.abort();
      });
      await timers.sleep(Math.min(attemptMs, untilMs - timers.monotonicMs()), signal).catch(() => undefined);
      if (over.signal.aborted && !ended())
        await timers
          .sleep(backoffDelay(attempt, random(), backoff), AbortSignal.any([settled, this.#stopped.signal]))
          .catch(() => undefined);
    }
  }

  /** What does not get through is not sent again and again until the time is over: the client of NATS refuses it each time. */
  #mustFit(id: string, text: string): void {
    const excess = this.#excess(text, null);
    if (excess <= 0) return;
    const most = this.#start.connection.info?.max_payload ?? 0;
    const bytes = most + excess;
    const what = `it takes ${bytes} bytes, and the server of NATS takes ${most}`;
    throw tooLarge(id, what, { bytes, maxBytes: most }, "raise max_payload of the server");
  }

  /** By how many bytes a message exceeds what the server takes, with the id as a header or without one; below 0 when it fits. */
  #excess(text: string, messageId: string | null): number {
    const most = this.#start.connection.info?.max_payload;
    if (most === undefined) return Number.NEGATIVE_INFINITY;
    const header = messageId === null ? 0 : Buffer.byteLength(`NATS/1.0\r\nNats-Msg-Id: ${messageId}\r\n\r\n`, "utf8");
    return Buffer.byteLength(text, "utf8") + header - most;
  }

  /** Whether the stream has taken it, which says only that waiting makes sense. */
  async #publish(text: string, messageId: string | null): Promise<"taken" | "not taken" | "too large"> {
    const { connection, subject, attemptMs } = this.#start;
    const headers = messageId === null || this.#excess(text, messageId) > 0 ? undefined : this.#start.headers?.();
    headers?.set("Nats-Msg-Id", messageId as string);
    try {
      const reply = await connection.request(subject, text, {
        timeout: attemptMs,
        ...(headers === undefined ? {} : { headers: headers as never }),
      });
      const error = apiErrorOf(reply.data);
      return error === null ? "taken" : error.errCode === messageTooLarge ? "too large" : "not taken";
    } catch {
      return "not taken";
    }
  }

  /** Subscribes to the answers, unless a subscription stands: one ends when the server takes it back, and then nothing that is under way gets an answer. */
  #subscribe(): void {
    if (this.#subscription !== null) return;
    const subscription = this.#start.connection.subscribe(`${this.#inbox}.*`);
    this.#subscription = subscription;
    void this.#listen(subscription)
      .catch(() => undefined)
      .finally(() => {
        if (this.#subscription === subscription) this.#subscription = null;
      });
  }

  async #listen(subscription: AsyncIterable<NatsMessage>): Promise<void> {
    for await (const message of subscription) {
      const answer = parseAnswer(message.data);
      const token = message.subject.slice(this.#inbox.length + 1);
      if (answer !== null) this.#waiting.get(token)?.answer(answer);
    }
  }
}
