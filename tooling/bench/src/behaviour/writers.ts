import type { Peers } from "../peers.ts";

/** A library that replaces files, with its own defaults. */
export interface Writer {
  readonly label: string;
  readonly write: (path: string, data: unknown, options?: object) => Promise<void>;
}

/** The libraries compared, by the name of their package. */
export const writerIds = ["@gov/atomic-io", "write-file-atomic", "atomically", "steno"] as const;

/** The name of one of them. */
export type WriterId = (typeof writerIds)[number];

type Write = (path: string, data: unknown, options?: object) => Promise<void>;

/** Loads one of them. */
export async function loadWriter(id: WriterId, peers: Peers): Promise<Writer> {
  switch (id) {
    case "@gov/atomic-io": {
      const { replaceFile } = await import("@gov/atomic-io");
      return { label: id, write: async (path, data, options) => void (await replaceFile(path, data as string, options ?? {})) };
    }
    case "write-file-atomic":
      return { label: await peers.label(id), write: (await peers.load<{ readonly default: Write }>(id)).default };
    case "atomically":
      return { label: await peers.label(id), write: (await peers.load<{ readonly writeFile: Write }>(id)).writeFile };
    case "steno": {
      const { Writer: Steno } = await peers.load<{
        readonly Writer: new (path: string) => { readonly write: (data: unknown) => Promise<void> };
      }>(id);
      return { label: await peers.label(id), write: (path, data) => new Steno(path).write(data) };
    }
  }
}
