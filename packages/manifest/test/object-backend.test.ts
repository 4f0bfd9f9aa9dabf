import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { createFileBackend, createMemoryBackend, type ObjectBackend } from "@gov/manifest/storage";
import { objectBackendConformance } from "@gov/manifest/testing";
import { describe, expect, it } from "vitest";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function onDisk(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "gov-store-"));
  try {
    await run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("objectBackendConformance", () => {
  const backends: Readonly<Record<string, (run: (backend: ObjectBackend) => Promise<void>) => Promise<void>>> = {
    memory: (run) => run(createMemoryBackend()),
    "files in memory": (run) => run(createFileBackend("/store", { fs: createMemoryFileSystem() })),
    "files on disk": (run) => onDisk((directory) => run(createFileBackend(join(directory, "store")))),
  };
  for (const [name, open] of Object.entries(backends)) it.each(objectBackendConformance)(`${name}: $name`, ({ run }) => open(run));

  it("catches backends that overwrite, hand out their own bytes, lose the order or take any name", async () => {
    const good = (): ObjectBackend => createMemoryBackend();
    const broken: Readonly<Record<string, () => ObjectBackend>> = {
      overwrites: () => {
        const backend = good();
        return { ...backend, create: async (name, given) => (await backend.replace(name, given), true) };
      },
      aliases: () => {
        const kept = new Map<string, Uint8Array>();
        const backend = good();
        const create = (name: string, given: Uint8Array): Promise<boolean> =>
          backend.create(name, given).then((made) => (made && kept.set(name, given), made));
        return {
          ...backend,
          create,
          read: (name) => backend.read(name).then((found) => (found === null ? null : (kept.get(name) ?? found))),
        };
      },
      unsorted: () => {
        const backend = good();
        return { ...backend, list: async (prefix) => [...(await backend.list(prefix))].reverse() };
      },
      "takes any name": () => {
        const backend = good();
        return { ...backend, remove: (name) => backend.remove(name).catch(() => false) };
      },
      "keeps what is removed": () => ({ ...good(), remove: () => Promise.resolve(true) }),
    };
    for (const [name, open] of Object.entries(broken)) {
      const outcomes = await Promise.all(
        objectBackendConformance.map(({ run }) =>
          run(open()).then(
            () => true,
            () => false,
          ),
        ),
      );
      expect(outcomes, name).toContain(false);
    }
  });
});

describe("createFileBackend()", () => {
  it("keeps what it acknowledged through a power cut at every call, and never shows half of it", async () => {
    const acknowledged: [string, string][] = [];
    let images = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 64 })) {
          images++;
          const backend = createFileBackend("/store", { fs: image });
          for (const [name, text] of acknowledged) {
            const found = new TextDecoder().decode((await backend.read(name)) ?? undefined);
            expect([text, "third"], name).toContain(found);
          }
          for (const name of await backend.list(""))
            expect(["first", "second", "third"]).toContain(new TextDecoder().decode((await backend.read(name)) ?? undefined));
        }
      },
    });
    const backend = createFileBackend("/store", { fs });
    await backend.create("objects/aa/one", bytes("first"));
    acknowledged.push(["objects/aa/one", "first"]);
    await backend.create("objects/bb/two", bytes("second"));
    acknowledged.push(["objects/bb/two", "second"]);
    await backend.replace("objects/aa/one", bytes("third"));
    expect(images).toBeGreaterThan(50);
  });

  it("makes durable what a writer left behind that died before doing so", async () => {
    const fs = createMemoryFileSystem({
      fault: ({ name, path }) => (name === "sync" && path.endsWith("/aa") ? { errno: "EIO" } : undefined),
    });
    await expect(createFileBackend("/store", { fs }).create("objects/aa/one", bytes("first"))).rejects.toThrow();
    const texts = async (): Promise<readonly (string | null)[]> =>
      [...fs.crashImages()].map((image) => image.text("/store/objects/aa/one"));
    expect(await texts()).toContain("first");
  });

  it("refuses to go through symbolic links, which lead outside", async () => {
    await onDisk(async (directory) => {
      const backend = createFileBackend(join(directory, "store"));
      await backend.create("objects/aa/one", bytes("first"));
      symlinkSync(directory, join(directory, "store/objects/bb"));
      symlinkSync(join(directory, "store/objects/aa/one"), join(directory, "store/objects/aa/two"));
      for (const name of ["objects/bb/two", "objects/aa/two", "objects/aa/one/x"]) {
        await expect(backend.create(name, bytes("x")), name).rejects.toMatchObject({ code: "MANIFEST_STORE_UNSAFE" });
        await expect(backend.read(name), name).rejects.toMatchObject({ code: "MANIFEST_STORE_UNSAFE" });
        await expect(backend.remove(name), name).rejects.toMatchObject({ code: "MANIFEST_STORE_UNSAFE" });
      }
      expect(await backend.list("")).toEqual(["objects/aa/one"]);
    });
  });

  it("passes on what the file system says", async () => {
    for (const call of ["readdir", "lstat", "open", "unlink"]) {
      let broken = false;
      const fs = createMemoryFileSystem({ fault: ({ name }) => (broken && name === call ? { errno: "EIO" } : undefined) });
      const backend = createFileBackend("/store", { fs });
      await backend.create("a/b", bytes("x"));
      broken = true;
      const touched = Promise.all([backend.list(""), backend.read("a/b"), backend.remove("a/b")]);
      await expect(touched, call).rejects.toMatchObject({ code: "EIO" });
    }
  });
});
