import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { type FileSystem, freeAside } from "@gov/atomic-io";
import { describe, expect, it } from "vitest";

/** Notes what is opened, removed and closed. */
function watched(): { readonly fs: FileSystem; readonly calls: string[] } {
  const memory = createMemoryFileSystem({ files: { "/d/large": "x" } });
  const calls: string[] = [];
  const open: FileSystem["open"] = async (path, intent, options) => {
    const handle = await memory.open(path, intent, options);
    calls.push(`open ${path}`);
    const close = (how: string) => async (): Promise<void> => {
      calls.push(`${how} ${path}`);
      await handle.close();
    };
    return { ...handle, close: close("close"), closeAside: close("free") };
  };
  return { fs: { ...memory, open }, calls };
}

describe("freeAside()", () => {
  it("holds the file while its name is taken away, and frees it aside before it resolves", async () => {
    const { fs, calls } = watched();
    const result = await freeAside("/d/large", async () => (calls.push("work"), await fs.unlink("/d/large"), "done"), { fs });
    expect(result).toBe("done");
    expect(calls.slice(-3)).toEqual(["open /d/large", "work", "free /d/large"]);
    await expect(fs.stat("/d/large")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("runs the work as it is where there is no file, and passes its error on", async () => {
    const { fs, calls } = watched();
    expect(await freeAside("/d/missing", async () => 1, { fs })).toBe(1);
    await expect(freeAside("/d/large", () => Promise.reject(new Error("no")), { fs })).rejects.toThrow("no");
    expect(calls.at(-1)).toBe("free /d/large");
  });

  it("holds nothing where an open file cannot be replaced", async () => {
    const { fs, calls } = watched();
    const open: FileSystem["open"] = async (path, intent, options) => {
      const { renameWithin: _, ...handle } = await fs.open(path, intent, options);
      return handle;
    };
    await freeAside("/d/large", () => fs.unlink("/d/large"), { fs: { ...fs, open } });
    expect(calls).not.toContain("open /d/large");
  });
});
