import { nodeRandomBytes } from "./node-random.ts";
import type { RandomBytes } from "./random.ts";

/** Name of the HTTP header that carries a correlation id between services (TEL-04). */
export const correlationHeader = "X-Correlation-Id";

/** Creates a correlation id: 128 random bits as 32 lower-case hexadecimal digits, also valid as a W3C trace id (TEL-04). */
export function createCorrelationId(random: RandomBytes = nodeRandomBytes): string {
  for (;;) {
    const id = Buffer.from(random(16)).toString("hex");
    // W3C Trace Context forbids the all-zero trace id.
    if (isCorrelationId(id)) return id;
  }
}

/** True for 32 lower-case hexadecimal digits that are not all zero. */
export function isCorrelationId(text: unknown): text is string {
  return typeof text === "string" && text.length === 32 && text !== allZero && /^[0-9a-f]*$/.test(text);
}

const allZero = "0".repeat(32);
