import { assertObjectName, type ObjectBackend } from "./object-backend.ts";

/** Creates a backend in memory, for tests and for what need not last. */
export function createMemoryBackend(): ObjectBackend {
  const objects = new Map<string, Uint8Array>();
  return {
    create: async (name, bytes) => {
      assertObjectName(name);
      if (objects.has(name)) return Promise.resolve(false);
      objects.set(name, bytes.slice());
      return Promise.resolve(true);
    },
    replace: async (name, bytes) => {
      assertObjectName(name);
      objects.set(name, bytes.slice());
      return Promise.resolve();
    },
    settle: async (name) => {
      assertObjectName(name);
      return Promise.resolve();
    },
    read: async (name) => {
      assertObjectName(name);
      return Promise.resolve(objects.get(name)?.slice() ?? null);
    },
    remove: async (name) => {
      assertObjectName(name);
      return Promise.resolve(objects.delete(name));
    },
    list: async (prefix) => Promise.resolve([...objects.keys()].filter((name) => name.startsWith(prefix)).sort()),
  };
}
