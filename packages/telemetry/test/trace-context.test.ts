import { correlationHeaders, createCorrelationId, isCorrelationId, readCorrelationId } from "@gov/telemetry";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const id = "0123456789abcdef0123456789abcdef";
const span = "0123456789abcdef";

describe("correlationHeaders()", () => {
  it("carries the id as X-Correlation-Id and as the trace id of W3C trace context, and back (TEL-04)", () => {
    expect(correlationHeaders(id, { spanId: span })).toEqual({ "X-Correlation-Id": id, traceparent: `00-${id}-${span}-01` });
    const headers = correlationHeaders(createCorrelationId());
    expect(headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(readCorrelationId(headers)).toBe(headers["X-Correlation-Id"]);
    expect(readCorrelationId({ traceparent: headers["traceparent"] })).toBe(headers["X-Correlation-Id"]);
    let calls = 0;
    const zeroFirst = (length: number): Uint8Array => new Uint8Array(length).fill(calls++);
    expect(correlationHeaders(id, { random: zeroFirst })["traceparent"]).toBe(`00-${id}-${"01".repeat(8)}-01`);
    expect(() => correlationHeaders("abc")).toThrow(RangeError);
    for (const spanId of ["0".repeat(16), "x", span.toUpperCase()]) expect(() => correlationHeaders(id, { spanId })).toThrow(RangeError);
  });
});

describe("readCorrelationId()", () => {
  it("takes names in any case, and nothing that is malformed or given twice (TEL-04)", () => {
    expect(readCorrelationId({ "x-correlation-id": ` ${id} ` })).toBe(id);
    expect(readCorrelationId({ "X-CORRELATION-ID": [id] })).toBe(id);
    expect(readCorrelationId({ "x-correlation-id": "nonsense", Traceparent: `00-${id}-${span}-00` })).toBe(id);
    expect(readCorrelationId({ traceparent: `cc-${id}-${span}-01-what-comes-later` })).toBe(id);
    const refused = [
      `00-${id}-${span}-01-more`,
      `ff-${id}-${span}-01`,
      `00-${"0".repeat(32)}-${span}-01`,
      `00-${id}-${"0".repeat(16)}-01`,
      `00-${id.toUpperCase()}-${span}-01`,
      `00-${id}-${span}`,
    ];
    for (const traceparent of refused) expect([traceparent, readCorrelationId({ traceparent })]).toEqual([traceparent, null]);
    for (const headers of [
      {},
      { "X-Correlation-Id": undefined },
      { "X-Correlation-Id": [id, id] },
      { "X-Correlation-Id": id, "x-correlation-id": id },
    ])
      expect(readCorrelationId(headers)).toBeNull();
  });

  it("gives an id or nothing, whatever the headers", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("X-Correlation-Id", "traceparent", "other"), fc.string()), (headers) => {
        const found = readCorrelationId(headers);
        expect(found === null || isCorrelationId(found)).toBe(true);
      }),
    );
  });
});
