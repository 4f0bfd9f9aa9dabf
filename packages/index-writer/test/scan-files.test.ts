import { createMemoryFileSystem } from "@gov/atomic-io/testing";
import { readFileBounded, scanFiles } from "@gov/index-writer";
import { describe, expect, it } from "vitest";

const markdown = (path: string): boolean => path.endsWith(".md");

describe("scanFiles()", () => {
  it("lists the wanted files sorted by path, and passes over what is skipped", async () => {
    const fs = createMemoryFileSystem({
      files: {
        "/repo/b.md": "bb",
        "/repo/a/z.md": "",
        "/repo/a-b.md": "",
        "/repo/a.txt": "",
        "/repo/.git/x.md": "",
        "/repo/a/node_modules/x.md": "",
        "/repo/.gov/x.md": "",
        "/repo/.gov-tmp-000000000000000000000000": "",
        "/repo/directory.md/inner.md": "",
      },
    });
    const { files, findings } = await scanFiles("/repo", { fs, matches: markdown });
    expect(files.map(({ path }) => path)).toEqual(["a-b.md", "a/z.md", "b.md", "directory.md/inner.md"]);
    expect(files[2]).toEqual({ path: "b.md", size: 2, absolute: "/repo/b.md" });
    expect(findings).toEqual([]);
    expect((await scanFiles("/repo", { fs, skipDirectories: [] })).files).toHaveLength(8);
  });

  it("never leaves the root: links to files inside are followed, others are findings, links to directories are not entered", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/docs/a.md": "abc", "/outside/secret.md": "" } });
    fs.symlink("docs/a.md", "/repo/inside.md");
    fs.symlink("../outside/secret.md", "/repo/outside.md");
    fs.symlink("/outside", "/repo/elsewhere.md");
    fs.symlink("missing", "/repo/dangling.md");
    fs.symlink("loop.md", "/repo/loop.md");
    fs.symlink("../outside/secret.md", "/repo/unwanted.txt");
    const { files, findings } = await scanFiles("/repo", { fs, matches: markdown });
    expect(files.map(({ path, size, absolute }) => [path, size, absolute])).toEqual([
      ["docs/a.md", 3, "/repo/docs/a.md"],
      ["inside.md", 3, "/repo/docs/a.md"],
    ]);
    expect(findings.map(({ code, path }) => [path, code])).toEqual([
      ["dangling.md", "INDEX_FILE_UNREADABLE"],
      ["loop.md", "INDEX_FILE_UNREADABLE"],
      ["outside.md", "INDEX_LINK_OUTSIDE"],
    ]);
  });

  it("turns what it cannot list into findings", async () => {
    const fs = createMemoryFileSystem({
      files: { "/repo/a.md": "", "/repo/closed/b.md": "", "/repo/odd.md": "", "/repo/1/2/3/deep.md": "" },
      fault: ({ name, path }) =>
        path === "/repo/closed" && name === "readdir" ? { errno: "EACCES" } : path === "/repo/odd.md" ? { errno: "EIO" } : undefined,
    });
    fs.special("/repo/pipe.md");
    const { files, findings } = await scanFiles("/repo", { fs, matches: markdown, maxDepth: 2 });
    expect(files.map(({ path }) => path)).toEqual(["a.md"]);
    expect(findings.map(({ code, path }) => [path, code])).toEqual([
      ["1/2/3", "INDEX_DEPTH_EXCEEDED"],
      ["closed", "INDEX_DIRECTORY_UNREADABLE"],
      ["odd.md", "INDEX_FILE_UNREADABLE"],
      ["pipe.md", "INDEX_FILE_SPECIAL"],
    ]);
    expect(findings.every(({ severity, hint, line }) => severity === "error" && hint !== undefined && line === null)).toBe(true);
  });

  it("gives paths in NFC, and reports two that then are the same", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/e\u0301.md": "", "/repo/\u00e9.md": "", "/repo/o\u0308.md": "" } });
    const { files, findings } = await scanFiles("/repo", { fs });
    expect(files.map(({ path }) => path)).toEqual(["\u00e9.md", "\u00f6.md"]);
    expect(findings.map(({ code }) => code)).toEqual(["INDEX_PATH_AMBIGUOUS"]);
  });

  it("ends when the signal aborts, and fails for a root that is missing", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": "" } });
    await expect(scanFiles("/repo", { fs, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    await expect(scanFiles("/missing", { fs })).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("readFileBounded()", () => {
  const files = { "/a.md": "content", "/empty.md": "" };

  it("reads a whole file", async () => {
    const fs = createMemoryFileSystem({ files });
    const read = await readFileBounded("/a.md", { fs, maxBytes: 7 });
    expect(read.ok && Buffer.from(read.value).toString()).toBe("content");
    expect(await readFileBounded("/empty.md", { fs })).toEqual({ ok: true, value: new Uint8Array(0), findings: [] });
  });

  it("says why a file is not read", async () => {
    const codeOf = async (path: string, options: Parameters<typeof readFileBounded>[1]): Promise<string | undefined> => {
      const read = await readFileBounded(path, { ...options, path: "shown.md" });
      expect(read.findings[0]?.path).toBe("shown.md");
      return read.findings[0]?.code;
    };
    const fs = createMemoryFileSystem({ files });
    fs.special("/pipe");
    expect(await codeOf("/a.md", { fs, maxBytes: 6 })).toBe("INDEX_FILE_TOO_LARGE");
    expect(await codeOf("/missing.md", { fs })).toBe("INDEX_FILE_UNREADABLE");
    expect(await codeOf("/pipe", { fs })).toBe("INDEX_FILE_SPECIAL");
    const failing = createMemoryFileSystem({ files, fault: ({ name }) => (name === "read" ? { errno: "EIO" } : undefined) });
    expect(await codeOf("/a.md", { fs: failing })).toBe("INDEX_FILE_UNREADABLE");
  });

  it("notices a file that grows while it is read", async () => {
    const fs = createMemoryFileSystem({
      files,
      fault: ({ name }) => {
        if (name === "read") void fs.open("/a.md", "append").then((handle) => handle.write(Buffer.from("more"), null));
        return undefined;
      },
    });
    const read = await readFileBounded("/a.md", { fs });
    expect(read.findings[0]?.code).toBe("INDEX_FILE_CHANGED");
  });
});

describe("scanFiles() and symbolic links", () => {
  it("follows, refuses or skips them, as the policy says", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": "abc", "/outside.md": "" } });
    fs.symlink("a.md", "/repo/link.md");
    fs.symlink("/outside.md", "/repo/out.md");
    const scan = async (symlinks: "follow_inside" | "refuse" | "skip"): Promise<unknown> => {
      const { files, findings } = await scanFiles("/repo", { fs, symlinks });
      return [files.map(({ path }) => path), findings.map(({ path, code }) => [path, code])];
    };
    expect(await scan("follow_inside")).toEqual([["a.md", "link.md"], [["out.md", "INDEX_LINK_OUTSIDE"]]]);
    expect(await scan("skip")).toEqual([["a.md"], []]);
    expect(await scan("refuse")).toEqual([
      ["a.md"],
      [
        ["link.md", "INDEX_LINK_REFUSED"],
        ["out.md", "INDEX_LINK_REFUSED"],
      ],
    ]);
  });
});
