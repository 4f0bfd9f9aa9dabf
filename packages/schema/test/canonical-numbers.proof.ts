import { describe, expect, it } from "vitest";
import { corpus } from "./corpora.ts";
import { digestOfNumbers, publishedNumberDigests } from "./es6-numbers.ts";

describe("canonicalJson()", () => {
  it.skipIf(corpus("jcs") === null)("writes ten million numbers as published (RFC 8785 §3.2.2.3)", () => {
    expect(digestOfNumbers(10_000_000)).toBe(publishedNumberDigests().get(10_000_000));
  });
});
