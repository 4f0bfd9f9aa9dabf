import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64 } from "../src/sign/internal/base64.ts";

describe("decodeBase64()", () => {
  it("reads both alphabets, the URL-safe one also without padding", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const standard = encodeBase64(bytes);
        const urlSafe = standard.replaceAll("+", "-").replaceAll("/", "_");
        for (const text of [standard, urlSafe, urlSafe.replace(/=+$/, "")]) expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  it("leaves no bit free: no other text of the same length means the same bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.nat(), fc.nat(7), (bytes, at, bit) => {
        const text = encodeBase64(bytes);
        const flipped = Buffer.from(text);
        flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << bit);
        expect(decodeBase64(flipped.toString("latin1"))).not.toEqual(bytes);
      }),
    );
  });

  it("refuses spare bits, white space, mixed alphabets and wrong padding", () => {
    for (const text of ["AB==", "AAB=", "A", "AA=", "AA===", "AA= =", "A A=", "+A-_", "AAAA=", "=", "AA\n", "A+", "é"])
      expect(decodeBase64(text), text).toBeNull();
    expect(decodeBase64("")).toEqual(new Uint8Array());
  });
});
