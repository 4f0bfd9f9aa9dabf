/** A message as NATS brings it. */
export interface NatsMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly reply?: string | undefined;
}

/** Headers of a message: what `headers()` of the NATS client makes. */
export interface NatsHeaders {
  readonly set: (name: string, value: string) => void;
}

/** What is used of a connection to NATS; that of `@nats-io/transport-node`, and of the older `nats`, has this shape. */
export interface NatsConnection {
  /** What the server has said of itself: with it, an entry that is too large for it is refused at once. */
  readonly info?: { readonly max_payload: number } | undefined;
  // Methods and not functions in properties: the options of a client name types of its own, which only a method lets differ.
  publish(subject: string, payload?: Uint8Array | string, options?: { readonly reply?: string }): void;
  request(
    subject: string,
    payload: Uint8Array | string,
    options: { readonly timeout: number; readonly headers?: never },
  ): Promise<NatsMessage>;
  subscribe(subject: string): AsyncIterable<NatsMessage> & { unsubscribe(): void };
}
