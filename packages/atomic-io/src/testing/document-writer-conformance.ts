import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { DocumentWriter } from "../modes/document-writer.ts";

/** What the suite needs of a writer under test. */
export interface DocumentWriterAdapter {
  readonly writer: DocumentWriter;
  /** A directory that exists, is empty, and is this case's own. */
  readonly root: string;
  /** Text of a document as a reader of this mode finds it, or null. */
  readonly text: (path: string) => Promise<string | null>;
}

/** One behaviour every {@link DocumentWriter} must have; `run` rejects when it has not. */
export interface DocumentWriterCase {
  readonly name: string;
  readonly run: (adapter: DocumentWriterAdapter) => Promise<void>;
}

/** The behaviours that callers rely on whatever the mode, as data without a test runner, for whoever brings a writer of their own. */
export const documentWriterConformance: readonly DocumentWriterCase[] = [
  {
    name: "an acknowledged write is what readers find, the latest last",
    run: async ({ writer, root, text }) => {
      for (const content of ["one", "two, longer", ""]) {
        const written = await writer.write(`${root}/a`, content);
        equal(written.path, `${root}/a`);
        ok(/^[0-9a-f]{64}$/.test(written.digest));
        equal(await text(`${root}/a`), content);
      }
      equal(await text(`${root}/b`), null);
    },
  },
  {
    name: "the same content has the same digest, other content another",
    run: async ({ writer, root }) => {
      const [one, again, other] = [
        await writer.write(`${root}/a`, "x"),
        await writer.write(`${root}/b`, Buffer.from("x")),
        await writer.write(`${root}/c`, "y"),
      ];
      equal(one.digest, again.digest);
      ok(one.digest !== other.digest);
    },
  },
  {
    name: "writes of one path at the same time leave the last one",
    run: async ({ writer, root, text }) => {
      await Promise.all(["1", "2", "3"].map((content) => writer.write(`${root}/a`, content)));
      equal(await text(`${root}/a`), "3");
      deepEqual(await writer.compare([`${root}/a`]), []);
    },
  },
  {
    name: "only mode direct may show a part of a write",
    run: async ({ writer, root }) => {
      equal((await writer.write(`${root}/a`, "x")).atomic, writer.mode !== "direct");
    },
  },
  {
    name: "a direct write is refused in mode bridge and marked as not atomic in the others",
    run: async ({ writer, root }) => {
      if (writer.mode === "bridge") await rejects(writer.writeDirect(`${root}/a`, "x"), { code: "ATOMIC_IO_MODE_REJECTED" });
      else equal((await writer.writeDirect(`${root}/a`, "x")).atomic, false);
    },
  },
  {
    name: "data of no kind is refused and changes nothing",
    run: async ({ writer, root, text }) => {
      await rejects(writer.write(`${root}/a`, undefined as unknown as string), TypeError);
      equal(await text(`${root}/a`), null);
    },
  },
];
