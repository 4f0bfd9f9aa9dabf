import { createHash } from "node:crypto";
import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { isManifestError } from "@gov/manifest";
import { createFileBackend, createMemoryBackend, createObjectStore, type KeyRing, type ObjectBackend } from "@gov/manifest/storage";
import { type Digest, digestBytes } from "@gov/schema/canonical";
import { describe, expect, it } from "vitest";
import { fakeClock } from "./storage-fakes.ts";

const text = "status: approved\n";
const bytes = new TextEncoder().encode(text);
const digest = digestBytes(bytes);
const hex = digest.slice(7);
const at = (area: string): string => `${area}/${hex.slice(0, 2)}/${hex.slice(2)}`;
const clock = fakeClock("2024-01-15T10:00:00Z");
const ring = (current: string, ...ids: readonly string[]): KeyRing => ({
  current,
  key: (id) => Promise.resolve([current, ...ids].includes(id) ? createHash("sha256").update(id).digest() : null),
});
const read = async (found: Promise<Uint8Array | null>): Promise<string | null> => {
  const value = await found;
  return value === null ? null : new TextDecoder().decode(value);
};
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "fine",
    (error: unknown) => (isManifestError(error) ? error.code : String(error)),
  );

describe("createObjectStore()", () => {
  it("keeps content once, under its digest, as plain files that sha256sum can check (MAN-13)", async () => {
    const fs = createMemoryFileSystem();
    const store = createObjectStore(createFileBackend("/store", { fs }), { clock });
    expect([await store.put(bytes), await store.put(bytes)]).toEqual([digest, digest]);
    expect([...fs.files().keys()]).toEqual([`/store/${at("objects")}`]);
    expect(fs.text(`/store/${at("objects")}`)).toBe(text);
    expect(await read(store.get(digest))).toBe(text);
    expect(await store.list()).toEqual([digest]);
    expect(await store.get(digestBytes("other"))).toBeNull();
    await expect(store.get("sha256:x")).rejects.toThrow(RangeError);
  });

  it("never returns bytes that do not match, whichever bit was flipped, and heals them when they are put again (MAN-14)", async () => {
    for (const keys of [undefined, ring("k1")]) {
      const backend = createMemoryBackend();
      const store = createObjectStore(backend, { clock, keys });
      await store.put(bytes);
      const name = at(keys === undefined ? "objects" : "sealed");
      const whole = (await backend.read(name)) ?? new Uint8Array();
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const flipped = whole.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        await backend.replace(name, flipped);
        expect(["MANIFEST_OBJECT_CORRUPT", "MANIFEST_OBJECT_KEY_MISSING"], String(bit)).toContain(await codeOf(store.get(digest)));
      }
      await backend.replace(name, whole.subarray(0, 10));
      expect(await codeOf(store.get(digest))).toBe("MANIFEST_OBJECT_CORRUPT");
      await store.put(bytes);
      expect(await read(store.get(digest))).toBe(text);
    }
  });

  it("removes nothing before its retention is over, and never shortens one (MAN-13)", async () => {
    const backend = createMemoryBackend();
    const now = fakeClock("2024-01-15T10:00:00Z");
    const store = createObjectStore(backend, { clock: now });
    await store.put(bytes, { retainUntil: "2031-01-15T10:00:00Z" });
    await store.put(bytes, { retainUntil: "2025-01-01T00:00:00Z" });
    await store.put(bytes);
    expect(await store.retainedUntil(digest)).toBe("2031-01-15T10:00:00Z");
    expect(await codeOf(store.remove(digest))).toBe("MANIFEST_OBJECT_RETAINED");
    now.set("2031-01-15T09:59:59.999Z");
    expect(await codeOf(store.remove(digest))).toBe("MANIFEST_OBJECT_RETAINED");
    now.set("2031-01-15T10:00:00Z");
    await store.put(bytes, { retainUntil: "2032-01-01T00:00:00Z" });
    expect(await codeOf(store.remove(digest))).toBe("MANIFEST_OBJECT_RETAINED");
    now.set("2032-01-01T00:00:00Z");
    expect([await store.remove(digest), await store.remove(digest), await store.retainedUntil(digest)]).toEqual([true, false, null]);
    expect(await backend.list("")).toEqual([]);
    await expect(store.put(bytes, { retainUntil: "some day" })).rejects.toThrow(RangeError);
  });

  it("retains for ever what has a retention nobody can read", async () => {
    const backend = createMemoryBackend();
    const store = createObjectStore(backend, { clock: fakeClock("2999-01-01T00:00:00Z") });
    await store.put(bytes, { retainUntil: "2025-01-01T00:00:00Z" });
    await backend.replace(at("retention"), new TextEncoder().encode("2O25\n"));
    await store.put(bytes, { retainUntil: "2026-01-01T00:00:00Z" });
    expect(await codeOf(store.remove(digest))).toBe("MANIFEST_OBJECT_RETAINED");
  });
});

describe("createObjectStore() with keys", () => {
  it("keeps nothing readable at rest, never the same bytes twice, and opens it again (NFR-04)", async () => {
    const [one, two] = [createMemoryBackend(), createMemoryBackend()];
    for (const backend of [one, two]) await createObjectStore(backend, { clock, keys: ring("k1") }).put(bytes);
    const [first, second] = [await one.read(at("sealed")), await two.read(at("sealed"))];
    expect(await one.list("")).toEqual([at("sealed")]);
    expect(Buffer.from(first ?? []).includes("approved")).toBe(false);
    expect(Buffer.from(first ?? []).equals(Buffer.from(second ?? []))).toBe(false);
    expect(await read(createObjectStore(one, { clock, keys: ring("k2", "k1") }).get(digest))).toBe(text);
  });

  it("tells a missing key from damage, and does not open one object as another", async () => {
    const backend = createMemoryBackend();
    await createObjectStore(backend, { clock, keys: ring("k1") }).put(bytes);
    expect(await codeOf(createObjectStore(backend, { clock, keys: ring("k2") }).get(digest))).toBe("MANIFEST_OBJECT_KEY_MISSING");
    expect(await codeOf(createObjectStore(backend, { clock }).get(digest))).toBe("MANIFEST_OBJECT_KEY_MISSING");
    const other = digestBytes("other");
    await backend.create(`sealed/${other.slice(7, 9)}/${other.slice(9)}`, (await backend.read(at("sealed"))) ?? bytes);
    expect(await codeOf(createObjectStore(backend, { clock, keys: ring("k1") }).get(other))).toBe("MANIFEST_OBJECT_CORRUPT");
    await backend.replace(at("sealed"), new TextEncoder().encode("junk"));
    expect(await codeOf(createObjectStore(backend, { clock }).get(digest))).toBe("MANIFEST_OBJECT_CORRUPT");
  });

  it("moves every object to a new key, also from plain, and can be cut short at any call (NFR-04)", async () => {
    const texts = ["one", "two", "three", ""];
    for (let budget = 0; ; budget++) {
      const backend = createMemoryBackend();
      await createObjectStore(backend, { clock }).put(new TextEncoder().encode(texts[0]));
      const old = createObjectStore(backend, { clock, keys: ring("k1") });
      for (const one of texts.slice(1)) await old.put(new TextEncoder().encode(one));
      const store = createObjectStore(dying(backend, budget), { clock, keys: ring("k2", "k1") });
      const done = await store.rekey().then(
        () => true,
        () => false,
      );
      const both = createObjectStore(backend, { clock, keys: ring("k2", "k1") });
      for (const one of texts) expect(await read(both.get(digestBytes(one)))).toBe(one);
      await both.rekey();
      expect(await both.rekey()).toBe(0);
      const only = createObjectStore(backend, { clock, keys: ring("k2") });
      for (const one of texts) expect(await read(only.get(digestBytes(one)))).toBe(one);
      expect(await backend.list("objects/")).toEqual([]);
      if (done) {
        expect(budget).toBeGreaterThan(8);
        break;
      }
    }
  });

  it("refuses keys, ids and random bytes that are not sound, and to rekey without keys or over damage", async () => {
    const backend = createMemoryBackend();
    const withKey = (keys: KeyRing): Promise<Digest> => createObjectStore(backend, { clock, keys }).put(bytes);
    await expect(withKey({ current: "k", key: () => Promise.resolve(new Uint8Array(16)) })).rejects.toThrow(/32 bytes/);
    await expect(withKey({ current: "k/1", key: () => Promise.resolve(new Uint8Array(32)) })).rejects.toThrow(RangeError);
    const short = createObjectStore(backend, { clock, keys: ring("k"), random: () => new Uint8Array(1) });
    await expect(short.put(bytes)).rejects.toThrow(/random source/);
    await expect(createObjectStore(backend, { clock }).rekey()).rejects.toThrow(RangeError);
    await backend.create(at("objects"), new TextEncoder().encode("damaged"));
    expect(await codeOf(createObjectStore(backend, { clock, keys: ring("k") }).rekey())).toBe("MANIFEST_OBJECT_CORRUPT");
  });

  it("stores anew what stands there under a key that was lost", async () => {
    const backend = createMemoryBackend();
    await createObjectStore(backend, { clock, keys: ring("lost") }).put(bytes);
    const store = createObjectStore(backend, { clock, keys: ring("new") });
    await store.put(bytes);
    expect(await read(store.get(digest))).toBe(text);
  });
});

/** A backend whose process dies after so many calls. */
function dying(backend: ObjectBackend, calls: number): ObjectBackend {
  let left = calls;
  const live = <T>(work: () => Promise<T>): Promise<T> => (left-- > 0 ? work() : Promise.reject(new Error("killed")));
  return {
    create: (name, given) => live(() => backend.create(name, given)),
    replace: (name, given) => live(() => backend.replace(name, given)),
    settle: (name) => live(() => backend.settle(name)),
    read: (name) => live(() => backend.read(name)),
    remove: (name) => live(() => backend.remove(name)),
    list: (prefix) => live(() => backend.list(prefix)),
  };
}
