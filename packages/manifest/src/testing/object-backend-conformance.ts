import { deepEqual, equal, rejects } from "node:assert/strict";
import type { ObjectBackend } from "../storage/object-backend.ts";

/** One behaviour every `ObjectBackend` must have; `run` rejects when it has not. */
export interface ObjectBackendCase {
  readonly name: string;
  /** Gets a backend that is empty and this case's own. */
  readonly run: (backend: ObjectBackend) => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * What an object store relies on, as data without a test runner, for whoever brings a backend of their own.
 *
 * @example Try a backend
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryBackend } from "@gov/manifest/storage";
 * import { objectBackendConformance } from "@gov/manifest/testing";
 *
 * for (const { run } of objectBackendConformance) await run(createMemoryBackend());
 * assert.ok(objectBackendConformance.length > 8);
 * ```
 */
export const objectBackendConformance: readonly ObjectBackendCase[] = [
  {
    name: "is empty at first, and reads nothing where nothing is",
    run: async (backend) => {
      deepEqual(await backend.list(""), []);
      equal(await backend.read("objects/aa/bb"), null);
      equal(await backend.remove("objects/aa/bb"), false);
    },
  },
  {
    name: "creates once, and leaves what is there",
    run: async (backend) => {
      equal(await backend.create("objects/aa/bb", bytes("one")), true);
      equal(await backend.create("objects/aa/bb", bytes("two")), false);
      equal(await textOf(backend, "objects/aa/bb"), "one");
    },
  },
  {
    name: "lets one of many writers of a name win, and keeps its bytes whole",
    run: async (backend) => {
      const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(1000));
      const won = await Promise.all(texts.map((text) => backend.create("race", bytes(text))));
      equal(won.filter((one) => one).length, 1);
      equal(await textOf(backend, "race"), texts[won.indexOf(true)]);
    },
  },
  {
    name: "replaces what is there, and creates what is not",
    run: async (backend) => {
      await backend.replace("a/b", bytes("one"));
      await backend.replace("a/b", bytes("2"));
      equal(await textOf(backend, "a/b"), "2");
    },
  },
  {
    name: "removes, and lets the name be created again",
    run: async (backend) => {
      await backend.create("a/b", bytes("one"));
      equal(await backend.remove("a/b"), true);
      equal(await backend.read("a/b"), null);
      equal(await backend.create("a/b", bytes("two")), true);
    },
  },
  {
    name: "settles what is there",
    run: async (backend) => {
      await backend.create("a/b", bytes("one"));
      await backend.settle("a/b");
      equal(await textOf(backend, "a/b"), "one");
    },
  },
  {
    name: "lists by prefix, sorted by code unit",
    run: async (backend) => {
      for (const name of ["b/1", "a/z", "a/b/c", "a-b", "a/10", "a/9"]) await backend.create(name, bytes(name));
      deepEqual(await backend.list("a/"), ["a/10", "a/9", "a/b/c", "a/z"]);
      deepEqual(await backend.list(""), ["a-b", "a/10", "a/9", "a/b/c", "a/z", "b/1"]);
    },
  },
  {
    name: "keeps every byte, none, and many",
    run: async (backend) => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      const many = new Uint8Array(3_000_000).fill(7);
      for (const [name, content] of Object.entries({ all, many, none: new Uint8Array() })) {
        await backend.create(name, content);
        equal(Buffer.compare((await backend.read(name)) ?? Uint8Array.of(9), content), 0);
      }
    },
  },
  {
    name: "is not changed through bytes that were given or returned",
    run: async (backend) => {
      const given = bytes("one");
      await backend.create("a", given);
      given.fill(0);
      (await backend.read("a"))?.fill(0);
      equal(await textOf(backend, "a"), "one");
    },
  },
  {
    name: "refuses names that could mean another place",
    run: async (backend) => {
      for (const name of ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.b", "A", "a\\b", "a\0", "ä", "a".repeat(101)]) {
        await rejects(backend.create(name, bytes("x")), RangeError, name);
        await rejects(backend.replace(name, bytes("x")), RangeError, name);
        await rejects(backend.read(name), RangeError, name);
        await rejects(backend.remove(name), RangeError, name);
        await rejects(backend.settle(name), RangeError, name);
      }
      deepEqual(await backend.list(""), []);
    },
  },
];

async function textOf(backend: ObjectBackend, name: string): Promise<string | null> {
  const found = await backend.read(name);
  return found === null ? null : new TextDecoder().decode(found);
}
