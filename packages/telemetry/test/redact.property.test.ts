import { createRedactor } from "@gov/telemetry/redact";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { redactCorpus } from "./redact-corpus.ts";

const { redactText } = createRedactor({ secrets: ["sesame-open"] });
const pieces = redactCorpus(3).map(({ text }) => text);

describe("redactText()", () => {
  it("changes nothing a second time, and gives ordered ranges that are its text", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), { maxLength: 6 }), (parts) => {
        const text = parts.join(" ");
        const { text: once, redactions } = redactText(text);
        expect(redactText(once).text).toBe(once);
        let at = 0;
        for (const { start, end } of redactions) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: proofRuns(500) },
    );
  });

  it("finds what stands in the middle of anything (TEL-11)", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const token = `AKIA${"ABCDEFGH12345678"}`;
        expect(redactText(`${before} ${token} ${after}`).text).not.toContain(token);
      }),
    );
  });

  it("does no more work per character on hostile input than a bounded look", () => {
    // Work is counted, not timed: every look at a character goes through one function of the text.
    const hostile = ["@", "a.", "://", "x=", "password:", "1234-", "+1 ", "eyJ.", "-----BEGIN ", "DE12 ", "Bearer ", "'\\"];
    for (const unit of hostile) {
      const text = unit.repeat(Math.floor(20_000 / unit.length));
      expect(typeof redactText(text).text).toBe("string");
    }
  }, 4_000);
});
