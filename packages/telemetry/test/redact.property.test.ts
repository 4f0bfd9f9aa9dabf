import type { JsonValue } from "@gov/schema";
import { canonicalJson } from "@gov/schema/canonical";
import { createRedactor } from "@gov/telemetry/redact";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proofRuns } from "./proof-runs.ts";
import { redactCorpus } from "./redact-corpus.ts";

const { redactText } = createRedactor({ secrets: ["sesame-open"] });
const pieces = redactCorpus(3).map(({ text }) => text);

describe("isPlainJson()", () => {
  const { redactJson, isPlainJson: isPlainBytes = () => true } = createRedactor({ secrets: ["sesame-open"] });
  /** As it stands in the middle of something, where there is no backslash. */
  const isPlainJson = (json: string, isPlain = isPlainBytes): boolean => {
    const bytes = Buffer.from(`7-${json}-45-6789`);
    return isPlain(bytes, 2, bytes.length - 8);
  };
  const keys = fc.constantFrom(
    "note",
    "token",
    "db_password",
    "p-w-d",
    "api.key",
    "secret_",
    "to\u212aen",
    "key",
    "id token",
    "ann@example.org",
  );
  const texts = fc.oneof(
    fc.constantFrom(...pieces, "sesame-open", "ab", ""),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: "grapheme" }),
  );
  const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      texts,
      fc.integer(),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(keys, texts), tie("value"), { maxKeys: 3 }),
      fc.tuple(texts, texts).map((both) => both.join(" ")),
    ),
  }));

  it("never passes a value in which redactJson changes anything, and most in which it does not (TEL-11)", () => {
    let plain = 0;
    fc.assert(
      fc.property(values, (value) => {
        if (!isPlainJson(canonicalJson(value))) return;
        plain++;
        expect(redactJson(value)).toEqual(value);
      }),
      { numRuns: proofRuns(3000) },
    );
    expect(plain).toBeGreaterThan(300);
    expect(isPlainJson('{"attempt":7,"from_state":"PLANNED","list":["PLN-BE-2024-11",null,true],"token_count":3}')).toBe(true);
  });

  it("leaves to redactJson what only a key shows, and what is escaped", () => {
    const doubtful = [
      '{"pwd":1}',
      '{"p-w-d":"x"}',
      '{"secret_":"ab"}',
      '{"a":{"to\u212aen":"ab"}}',
      String.raw`["\nAKIAABCDEFGH12345678"]`,
      String.raw`["\n"]`,
    ];
    for (const json of doubtful) expect([json, isPlainJson(json)]).toEqual([json, false]);
    expect(isPlainJson('{"pwd":1}', createRedactor({ without: ["assigned-secret"] }).isPlainJson)).toBe(true);
  });
});

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

  it("finds a telephone number whatever digits follow on it (TEL-11)", () => {
    for (const behind of ["11984119910415772X", "7", "123456", "12345678901234567890", "x", "1x"])
      expect(redactText(`+44 20 7894796 ${behind}`).text).not.toContain("7894796");
    expect(redactText("+44 20 78x and +1234567890123456 and +1 234-567x").redactions).toEqual([]);
  });

  it("finds what stands in the middle of anything (TEL-11)", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const token = `AKIA${"ABCDEFGH12345678"}`;
        expect(redactText(`${before} ${token} ${after}`).text).not.toContain(token);
      }),
    );
  });
});
