/** Values of attributes. */
export type SpanAttributes = Record<string, boolean | number | string>;

/** What is used of a span of `@opentelemetry/api`. */
export interface TracedSpan {
  setAttributes: (attributes: SpanAttributes) => unknown;
  addEvent: (name: string, attributes?: SpanAttributes) => unknown;
  recordException: (exception: { readonly name: string; readonly message: string }) => void;
  setStatus: (status: { readonly code: number; readonly message?: string }) => unknown;
  end: () => void;
}

/** What is used of a tracer of `@opentelemetry/api`: what `trace.getTracer("gov")` returns. */
export interface SpanTracer {
  startActiveSpan: <F extends (span: TracedSpan) => unknown>(
    name: string,
    options: { attributes?: SpanAttributes },
    run: F,
  ) => ReturnType<F>;
}
