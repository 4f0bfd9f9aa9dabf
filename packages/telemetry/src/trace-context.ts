import { correlationHeader, isCorrelationId } from "./correlation-id.ts";
import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./random.ts";

/** Name of the header of W3C Trace Context. */
export const traceParentHeader = "traceparent";

/** Headers of a request; names in any case. */
export type CorrelationHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Returns the headers that carry a correlation id to another service (TEL-04): `X-Correlation-Id`, and `traceparent` of W3C Trace Context, level 1, whose trace id it is.
 *
 * @param options.spanId - The caller's span, 16 hexadecimal digits. @default a random one
 * @throws RangeError when the correlation id is not 32 hexadecimal digits, or the span id not 16, or all are zero.
 * @example Carry a correlation id to another service
 * ```ts
 * import assert from "node:assert/strict";
 * import { correlationHeaders, createCorrelationId, readCorrelationId } from "@gov/telemetry";
 *
 * const id = createCorrelationId();
 * assert.equal(readCorrelationId(correlationHeaders(id)), id);
 * ```
 */
export function correlationHeaders(
  correlationId: string,
  options: { readonly spanId?: string | undefined; readonly random?: RandomBytes | undefined } = {},
): Readonly<Record<string, string>> {
  if (!isCorrelationId(correlationId))
    throw new RangeError(`Cannot carry the correlation id "${String(correlationId)}": it must be 32 hexadecimal digits`);
  const spanId = options.spanId ?? createSpanId(options.random ?? nodeRandomBytes);
  if (!isSpanId(spanId)) throw new RangeError(`Cannot carry the span id "${spanId}": it must be 16 hexadecimal digits`);
  return { [correlationHeader]: correlationId, [traceParentHeader]: `00-${correlationId}-${spanId}-01` };
}

/**
 * Returns the correlation id that headers carry, or null: that of `X-Correlation-Id`, else the trace id of `traceparent`. What is malformed, or given twice, is not taken;
 * the caller then begins a new one.
 */
export function readCorrelationId(headers: CorrelationHeaders): string | null {
  const given = single(headers, correlationHeader);
  if (isCorrelationId(given)) return given;
  const [, version, traceId, spanId, rest = ""] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/.exec(single(headers, traceParentHeader) ?? "") ?? [];
  // W3C Trace Context §3.2.2: version ff is invalid, and only versions above 00 may have more behind the flags.
  const isSound = version !== undefined && version !== "ff" && (version !== "00" || rest === "") && isSpanId(spanId);
  return isSound && isCorrelationId(traceId) ? traceId : null;
}

function single(headers: CorrelationHeaders, name: string): string | null {
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name.toLowerCase() ? (value ?? []) : []));
  return values.length === 1 ? (values[0]?.trim() ?? null) : null;
}

function createSpanId(random: RandomBytes): string {
  for (;;) {
    const id = Buffer.from(random(8)).toString("hex");
    if (isSpanId(id)) return id;
  }
}

function isSpanId(text: string | undefined): boolean {
  return text !== undefined && /^(?!0{16}$)[0-9a-f]{16}$/.test(text);
}
