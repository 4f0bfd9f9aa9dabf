import { describe, expect, it } from "vitest";
import { compileCacheFolder } from "../src/compile-cache.ts";

describe("compileCacheFolder()", () => {
  it("is in the cache of whoever calls, and nowhere where the environment names none", () => {
    expect(compileCacheFolder({ HOME: "/users/ann" })).toBe("/users/ann/.cache/gov/compiled");
    expect(compileCacheFolder({ HOME: "/users/ann", XDG_CACHE_HOME: "/var/cache/ann" })).toBe("/var/cache/ann/gov/compiled");
    expect(compileCacheFolder({ HOME: "/users/ann", XDG_CACHE_HOME: "relative" })).toBe("/users/ann/.cache/gov/compiled");
    expect(compileCacheFolder({})).toBeNull();
    expect(compileCacheFolder({ HOME: "." })).toBeNull();
  });
});
