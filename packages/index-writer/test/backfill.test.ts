import { replaceFile } from "@gov/atomic-io";
import { createMemoryFileSystem, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { applyBackfill, type BackfillInput, type BackfillTarget, planBackfill, renderBackfillReport, scanFiles } from "@gov/index-writer";
import { editFrontMatter, type Result } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countingRandom, openInMemory, record } from "./records.ts";

/** Markdown gets a status, and stands under plans/; text is not governed; what says "broken" cannot be migrated. */
function migrate({ path, bytes }: BackfillInput): Result<BackfillTarget | null> {
  const text = Buffer.from(bytes).toString("utf8");
  if (!path.endsWith(".md")) return { ok: true, value: null, findings: [] };
  if (text.includes("broken"))
    return {
      ok: false,
      findings: [{ code: "TEST", severity: "error", message: "Broken\ntext", path, line: 1, column: 1, hint: "mend it" }],
    };
  const edited = text.includes("status:")
    ? { ok: true as const, value: text }
    : editFrontMatter(text, [{ op: "set", pointer: "/status", value: "draft" }]);
  if (!edited.ok) return { ok: false, findings: edited.findings };
  const to = path.startsWith("plans/") ? path : `plans/${path.slice(path.lastIndexOf("/") + 1)}`;
  const next = Buffer.from(edited.value, "utf8");
  return {
    ok: true,
    findings: [],
    value: { path: to, bytes: next, record: record(to, "t", { digest: digestBytes(next), size: next.byteLength }) },
  };
}

async function inputsOf(fs: MemoryFileSystem): Promise<readonly BackfillInput[]> {
  const { files } = await scanFiles("/repo", { fs, exclude: ["artifacts_index.json"] });
  return files.map(({ path }) => ({ path, bytes: fs.files().get(`/repo/${path}`) as Uint8Array }));
}

const files = {
  "/repo/a.md": "---\nid: a\n---\n# A\n",
  "/repo/old/b.md": "---\nstatus: approved\n---\n# B\n",
  "/repo/plans/c.md": "---\nid: c\n---\n# C\n",
  "/repo/plans/d.md": "---\nstatus: draft\n---\n# D\n",
  "/repo/notes.txt": "not governed",
};

describe("planBackfill() and applyBackfill()", () => {
  it("bring documents to schema, routing and index; the dry run says all of it, and a second run does nothing (IDX-15)", async () => {
    const fs = createMemoryFileSystem({ files });
    const index = await openInMemory(fs);
    await index.put(record("gone.md"));
    const before = [...fs.files()].filter(([path]) => !path.includes(".gov"));
    const plan = planBackfill(await inputsOf(fs), { migrate, records: index.list() });
    const report = renderBackfillReport(plan);
    expect([...fs.files()].filter(([path]) => !path.includes(".gov"))).toEqual(before);
    expect(plan.steps.map(({ change, from, to }) => [change, from, to])).toEqual([
      ["rewrite_and_move", "a.md", "plans/a.md"],
      ["move", "old/b.md", "plans/b.md"],
      ["rewrite", "plans/c.md", "plans/c.md"],
      ["none", "plans/d.md", "plans/d.md"],
    ]);
    expect([plan.skipped, plan.remove, plan.findings]).toEqual([["notes.txt"], ["gone.md"], []]);
    expect(report).toContain("- `old/b.md` → `plans/b.md`");
    expect(report).toContain("| Unchanged | 1 |");
    const result = await applyBackfill("/repo", plan, { index, fs });
    expect([result.applied.length, result.put, result.removed, result.findings]).toEqual([3, 4, 1, []]);
    expect(index.list().map(({ path }) => path)).toEqual(["plans/a.md", "plans/b.md", "plans/c.md", "plans/d.md"]);
    expect(fs.text("/repo/a.md")).toBe(null);
    expect(fs.text("/repo/plans/a.md")).toContain("status: draft");
    const again = planBackfill(await inputsOf(fs), { migrate, records: index.list() });
    expect(again.steps.every(({ change }) => change === "none")).toBe(true);
    const calls = fs.calls();
    expect(await applyBackfill("/repo", again, { index, fs })).toEqual({ applied: [], put: 0, removed: 0, findings: [] });
    expect(fs.calls()).toBe(calls);
    await index.close();
  });

  it("refuse a plan with errors, or apply the rest of it and keep what the index has of the others", async () => {
    const fs = createMemoryFileSystem({ files: { ...files, "/repo/plans/x.md": "broken", "/repo/new/d.md": "# other D\n" } });
    const index = await openInMemory(fs);
    await index.put(record("plans/x.md"));
    const plan = planBackfill(await inputsOf(fs), { migrate, records: index.list() });
    expect(plan.findings.map(({ path, code }) => [path, code])).toEqual([
      ["new/d.md", "INDEX_BACKFILL_COLLISION"],
      ["plans/x.md", "TEST"],
    ]);
    expect(renderBackfillReport(plan)).toContain("- error TEST `plans/x.md`: Broken text (mend it)");
    await expect(applyBackfill("/repo", plan, { index, fs })).rejects.toMatchObject({ code: "INDEX_BACKFILL_REFUSED" });
    expect(fs.text("/repo/a.md")).not.toBe(null);
    expect(await applyBackfill("/repo", plan, { index, fs, findings: "apply_rest" })).toMatchObject({ put: 4, removed: 0 });
    expect(index.list().map(({ path }) => path)).toEqual(["plans/a.md", "plans/b.md", "plans/c.md", "plans/d.md", "plans/x.md"]);
    expect(fs.text("/repo/new/d.md")).toBe("# other D\n");
    await index.close();
  });

  it("leave a document that changed since the plan, and a place that was taken, as they are", async () => {
    const fs = createMemoryFileSystem({ files });
    const index = await openInMemory(fs);
    const plan = planBackfill(await inputsOf(fs), { migrate });
    const handle = await fs.open("/repo/a.md", "append");
    await handle.write(Buffer.from("more\n"), null);
    await handle.close();
    await (await fs.open("/repo/plans/b.md", "create")).close();
    const { findings, put } = await applyBackfill("/repo", plan, { index, fs });
    expect([put, findings.map(({ path, code }) => [path, code])]).toEqual([
      2,
      [
        ["a.md", "INDEX_FILE_CHANGED"],
        ["old/b.md", "INDEX_BACKFILL_COLLISION"],
      ],
    ]);
    expect(fs.text("/repo/old/b.md")).not.toBe(null);
    await index.close();
  });

  it.each(["gone", "changed"])("keep a copy where the document that it is a copy of has %s since the plan (IDX-15)", async (what) => {
    const text = "---\nstatus: draft\n---\n# A\n";
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": text, "/repo/plans/a.md": text } });
    const index = await openInMemory(fs);
    const plan = planBackfill(await inputsOf(fs), { migrate });
    expect(plan.steps.map(({ change }) => change)).toEqual(["remove_copy", "none"]);
    if (what === "gone") await fs.unlink("/repo/plans/a.md");
    else await replaceFile("/repo/plans/a.md", "other", { fs, random: countingRandom });
    const { applied, put, findings } = await applyBackfill("/repo", plan, { index, fs });
    expect([applied, put, findings.map(({ path, code }) => [path, code])]).toEqual([[], 0, [["a.md", "INDEX_FILE_CHANGED"]]]);
    expect(fs.text("/repo/a.md")).toBe(text);
    await index.close();
  });

  it.each(["../outside.md", "/etc/a.md", "plans/../../a.md", "plans/a\u0000.md"])(
    "refuse a plan that leads to %j, and change nothing (IDX-15)",
    async (to) => {
      const fs = createMemoryFileSystem({ files });
      const index = await openInMemory(fs);
      const plan = planBackfill(await inputsOf(fs), { migrate });
      const before = [...fs.files()];
      for (const side of ["from", "to"]) {
        const steps = plan.steps.map((step, at) => (at === 0 ? { ...step, [side]: to } : step));
        const refused = { code: "INDEX_BACKFILL_REFUSED", details: { path: to } };
        await expect(applyBackfill("/repo", { ...plan, steps }, { index, fs, findings: "apply_rest" })).rejects.toMatchObject(refused);
      }
      expect([...fs.files()]).toEqual(before);
    },
  );

  it("leave a document whose way leads out of the root by a link, and take the others (IDX-15)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/a.md": files["/repo/a.md"], "/outside/x.md": "theirs" } });
    fs.symlink("/outside", "/repo/plans");
    const index = await openInMemory(fs);
    const a = { path: "a.md", bytes: Buffer.from(files["/repo/a.md"]) };
    const result = await applyBackfill("/repo", planBackfill([a], { migrate }), { index, fs });
    expect(result.findings.map(({ code, path }) => [code, path])).toEqual([["INDEX_LINK_OUTSIDE", "a.md"]]);
    expect([result.applied, fs.text("/repo/a.md"), index.list()]).toEqual([[], files["/repo/a.md"], []]);
    expect([...fs.files().keys()].filter((path) => path.startsWith("/outside/"))).toEqual(["/outside/x.md"]);
  });

  it("say of a path, and of a record, that the index cannot keep what is wrong with it, and plan the others (IDX-15)", async () => {
    const bytes = Buffer.from("---\nstatus: draft\n---\n# A\n");
    const fs = createMemoryFileSystem({ files: { "/repo/good.md": bytes } });
    const index = await openInMemory(fs);
    const bad = ["../a.md", "/a.md", "a\\b.md", "\ud800.md", ""];
    const inputs = [...bad, "good.md", "to.md", "of.md", "half.md"].map((path) => ({ path, bytes }));
    const odd = (input: BackfillInput): ReturnType<typeof migrate> => {
      const result = migrate(input);
      if (!result.ok || result.value === null || input.path === "good.md" || input.path.startsWith("plans/")) return result;
      const { value } = result;
      if (input.path === "to.md") return { ...result, value: { ...value, path: "../plans/to.md" } };
      const changed = input.path === "of.md" ? { path: "plans/good.md" } : { title: "\ud800" };
      return { ...result, value: { ...value, record: { ...value.record, ...changed } } };
    };
    const plan = planBackfill(inputs, { migrate: odd, records: [record("half.md")] });
    const expected = [...bad, "to.md", "of.md", "half.md"].map((path) => `INDEX_RECORD_REFUSED ${path}`).sort();
    expect(plan.findings.map(({ code, path }) => `${code} ${path}`).sort()).toEqual(expected);
    expect([plan.steps.map(({ from }) => from), plan.remove]).toEqual([["good.md"], []]);
    expect((await applyBackfill("/repo", plan, { index, fs, findings: "apply_rest" })).applied).toHaveLength(1);
    await index.close();
  });

  it("leave a document whose place has a file where a directory has to be, or that the file system refuses, and take the others (IDX-15)", async () => {
    const text = "---\nstatus: draft\n---\n# A\n";
    for (const standing of ["/repo/plans", "/repo/plans/deep"]) {
      const fs = createMemoryFileSystem({ files: { "/repo/a.md": text, "/repo/z.md": text, [standing]: "a file" } });
      const index = await openInMemory(fs);
      const deeper = (input: BackfillInput): ReturnType<typeof migrate> => {
        const result = migrate(input);
        if (!result.ok || result.value === null || input.path.startsWith("plans/")) return result;
        const path = input.path === "a.md" ? "plans/deep/er/a.md" : "z/z.md";
        return { ...result, value: { ...result.value, path, record: { ...result.value.record, path } } };
      };
      const settled = (input: BackfillInput): ReturnType<typeof migrate> =>
        input.path === "z/z.md" ? { ok: true, findings: [], value: { ...input, record: record("z/z.md") } } : deeper(input);
      const inputs = ["a.md", "z.md"].map((path) => ({ path, bytes: Buffer.from(text) }));
      const { findings, applied } = await applyBackfill("/repo", planBackfill(inputs, { migrate: settled }), { index, fs });
      expect([findings.map(({ code, path }) => [code, path]), applied.map(({ from }) => from)]).toEqual([
        [["INDEX_BACKFILL_COLLISION", "a.md"]],
        ["z.md"],
      ]);
      expect(fs.text("/repo/a.md")).toBe(text);
      await index.close();
    }
    const fs = createMemoryFileSystem({
      files,
      fault: ({ name, path }) => (name === "unlink" && path === "/repo/a.md" ? { errno: "EACCES" } : undefined),
    });
    const index = await openInMemory(fs);
    const { findings, applied } = await applyBackfill("/repo", planBackfill(await inputsOf(fs), { migrate }), { index, fs });
    expect([findings.map(({ code, path }) => [code, path]), applied.length]).toEqual([[["INDEX_BACKFILL_FAILED", "a.md"]], 2]);
    expect(index.get("plans/b.md")).toBeDefined();
    await index.close();
  });

  it("find a migration that would never end", () => {
    const growing = ({ path, bytes }: BackfillInput): Result<BackfillTarget> => ({
      ok: true,
      findings: [],
      value: { path, bytes: Buffer.concat([bytes, Buffer.from("x")]), record: record(path) },
    });
    const { steps, findings } = planBackfill([{ path: "a.md", bytes: Buffer.from("") }], { migrate: growing });
    expect([steps, findings.map(({ code }) => code)]).toEqual([[], ["INDEX_BACKFILL_UNSTABLE"]]);
  });

  it("lose no document to a power cut at any call, and the next run finishes (IDX-15)", async () => {
    const base = createMemoryFileSystem({ files });
    const wanted = await finished(base.afterKill());
    let seen = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files,
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 4, seed: fs.calls() })) {
          seen += 1;
          expect(await finished(image)).toEqual(wanted);
        }
      },
    });
    await finished(fs);
    expect(seen).toBeGreaterThan(100);
  });

  it("do nothing the second time, whatever the documents are", async () => {
    const path = fc.constantFrom("a.md", "b.md", "x/a.md", "plans/a.md", "plans/b.md", "n.txt");
    const text = fc.constantFrom("# A\n", "---\nstatus: draft\n---\n", "---\nid: 1\n---\n", "broken");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, text), async (documents) => {
        const fs = createMemoryFileSystem({
          files: {
            ...Object.fromEntries(Object.entries(documents).map(([name, content]) => [`/repo/${name}`, content])),
            "/repo/.gov/keep": "",
          },
        });
        const index = await openInMemory(fs);
        for (let run = 0; run < 2; run++)
          await applyBackfill("/repo", planBackfill(await inputsOf(fs), { migrate, records: index.list() }), {
            index,
            fs,
            findings: "apply_rest",
          });
        const plan = planBackfill(await inputsOf(fs), { migrate, records: index.list() });
        expect([plan.steps.filter(({ change }) => change !== "none"), plan.put, plan.remove]).toEqual([[], [], []]);
        await index.close();
      }),
      { numRuns: 60 },
    );
  });
});

async function finished(fs: MemoryFileSystem): Promise<unknown> {
  const index = await openInMemory(fs, { rebuild: async () => [] });
  await applyBackfill("/repo", planBackfill(await inputsOf(fs), { migrate, records: index.list() }), { index, fs });
  const state = [
    index.list(),
    [...fs.files()]
      .filter(([path]) => !path.includes(".gov") && !path.endsWith("artifacts_index.json"))
      .map(([path, bytes]) => [path, Buffer.from(bytes).toString("utf8")])
      .sort(),
  ];
  await index.close();
  return state;
}
