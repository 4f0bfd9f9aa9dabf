import { replaceFile } from "@gov/atomic-io";
import { openDocumentWriter } from "@gov/atomic-io/modes";
import { createMemoryFileSystem, createMemoryLockHost, type MemoryFileSystem } from "@gov/atomic-io/testing";
import { validateKind, type Finding } from "@gov/schema";
import { digestBytes } from "@gov/schema/canonical";
import {
  defaultVerticals,
  type EntryLog,
  type LogInput,
  openVerification,
  type OpenVerificationOptions,
  type Verification,
} from "@gov/index-writer/verification";
import { describe, expect, it } from "vitest";
import { countingRandom } from "./records.ts";

const at = "2026-01-02T03:04:05Z";
const finding = (severity: Finding["severity"]): Finding => ({
  code: "X",
  severity,
  message: "Some | <text>\n# in lines",
  path: "a.md",
  line: 3,
  column: 1,
  hint: "mend",
});
const verticals = ["routing", "docs"];

function open(fs: MemoryFileSystem, options: OpenVerificationOptions = {}): Promise<Verification> {
  return openVerification("/repo", { fs, lockHost: createMemoryLockHost(), random: countingRandom, verticals, ...options });
}

function memoryLog(): EntryLog & { readonly entries: LogInput[] } {
  const entries: LogInput[] = [];
  return {
    entries,
    append: async (added, { expectedSeq }) => {
      if (expectedSeq !== entries.length) throw new Error("conflict");
      entries.push(...added);
    },
    read: async function* () {
      for (const [index, { kind, payload }] of entries.entries()) yield { seq: index + 1, kind, payload };
    },
  };
}

const freezing = {
  mode: "hard_block",
  actor: "ann",
  at,
  runbook: { commands: ["gov check"], rollbacks: ["gov rollback"], waivers: [], contacts: ["ann@example.org"] },
};
const summaryOf = (
  fs: MemoryFileSystem,
): {
  readonly status: string;
  readonly seq: number;
  readonly frozen: boolean;
  readonly verticals: Record<string, { status: string; seq: number }>;
} => JSON.parse(fs.text("/repo/VERIFICATION/summary.json") as string) as never;

describe("openVerification()", () => {
  it("serialises 50 parallel flips into 50 sequential changes, each in the summary as it is in its findings (IDX-14, VER-06, B-39)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const verification = await open(fs, { verticals: defaultVerticals });
    const names = Array.from({ length: 50 }, (_, number) => defaultVerticals[number % defaultVerticals.length] as string);
    const seqs = await Promise.all(
      names.map((vertical, number) => verification.report(vertical, { status: "PASS", rationale: `flip ${number}`, findings: [], at })),
    );
    expect(seqs).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const { status, seq, verticals: found } = summaryOf(fs);
    expect([status, seq]).toEqual(["PASS", 50]);
    for (const vertical of defaultVerticals) {
      const findings = JSON.parse(fs.text(`/repo/VERIFICATION/${vertical}/findings.json`) as string) as { seq: number };
      expect(found[vertical]?.seq).toBe(findings.seq);
      const report = fs.text(`/repo/VERIFICATION/${vertical}/report.md`) as string;
      const changes = [...report.matchAll(/^Change (\d+),/gm)].map(([, number]) => Number(number));
      expect(changes).toEqual(changes.toSorted((a, b) => b - a));
    }
    await verification.close();
    await expect(verification.report("docs", { status: "PASS", rationale: "", findings: [], at })).rejects.toMatchObject({
      code: "INDEX_CLOSED",
    });
  });

  it("closes a vertical out in its order: verified again, findings, report, and only then the flip (VER-02)", async () => {
    const steps: string[] = [];
    const fs = createMemoryFileSystem({ files: { "/repo/VERIFICATION/routing/report.md": "# routing\n\nWritten by hand.\n" } });
    const writer = {
      write: async (path: string, text: string) => {
        steps.push(path.slice("/repo/VERIFICATION/".length));
        await fs.unlink(path).catch(() => undefined);
        const handle = await fs.open(path, "create");
        await handle.write(Buffer.from(text), 0);
        await handle.close();
      },
    };
    const verification = await open(fs, { writer });
    const verify = async (): Promise<readonly Finding[]> => (steps.push("verify"), [finding("warning")]);
    expect(await verification.closeOut("routing", { verify, rationale: "it holds", at })).toMatchObject({ status: "PASS", seq: 1 });
    expect(steps).toEqual(["verify", "routing/findings.json", "routing/report.md", "summary.json", "master_report.md"]);
    expect(fs.text("/repo/VERIFICATION/routing/report.md")).toBe(
      [
        "# routing",
        "",
        "## Status: PASS",
        "",
        `Change 1, ${at}`,
        "",
        "Rationale: it holds",
        "",
        "- warning X a.md:3: Some &#124; &#60;text&#62; # in lines",
        "",
        "Written by hand.",
        "",
      ].join("\n"),
    );
    expect(summaryOf(fs)).toMatchObject({
      status: "PENDING",
      verticals: { routing: { status: "PASS", findings: { error: 0, warning: 1, note: 0 } }, docs: { status: "PENDING" } },
    });
    await verification.close();
  });

  it("writes nothing for a close-out that finds what stands already, and everything for one that finds anything else (PLN-08)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const first = await open(fs);
    const later = "2027-01-01T00:00:00Z";
    await first.closeOut("routing", { verify: async () => [finding("warning")], rationale: "r", at });
    await first.close();
    const again = await open(fs);
    const before = fs.text("/repo/VERIFICATION/summary.json");
    expect(await again.closeOut("routing", { verify: async () => [finding("warning")], rationale: "r", at: later })).toMatchObject({
      seq: 1,
      at,
    });
    expect(fs.text("/repo/VERIFICATION/summary.json")).toBe(before);
    expect(await again.closeOut("routing", { verify: async () => [], rationale: "r", at: later })).toMatchObject({ seq: 2, at: later });
    expect(await again.closeOut("routing", { verify: async () => [], rationale: "s", at: later })).toMatchObject({ seq: 3 });
    expect(await again.closeOut("routing", { verify: async () => [finding("error")], rationale: "s", at: later })).toMatchObject({
      seq: 4,
    });
    await again.close();
  });

  it("says FAIL where errors are found, ERROR where the verification cannot be run, and refuses a PASS with errors", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const verification = await open(fs);
    expect(await verification.closeOut("routing", { verify: async () => [finding("error")], rationale: "r", at })).toMatchObject({
      status: "FAIL",
    });
    expect(await verification.closeOut("docs", { verify: () => Promise.reject(new Error("no disk")), rationale: "r", at })).toMatchObject({
      status: "ERROR",
      findings: [{ code: "INDEX_VERIFICATION_FAILED" }],
    });
    expect(verification.state()).toMatchObject({ status: "FAIL", seq: 2 });
    await expect(verification.report("docs", { status: "PASS", rationale: "", findings: [finding("error")], at })).rejects.toMatchObject({
      code: "INDEX_VERIFICATION_REFUSED",
    });
    await expect(verification.report("other", { status: "PASS", rationale: "", findings: [], at })).rejects.toThrow(RangeError);
    await expect(verification.report("docs", { status: "PASS", rationale: "", findings: [], at: "yesterday" })).rejects.toThrow(RangeError);
    for (const wrong of [
      "2026-02-30T00:00:00Z",
      "2026-02-29T23:59:59.5+01:00",
      "2026-04-31T10:00:00Z",
      "2026-01-01T24:00:00Z",
      "2026-01-01T10:60:00Z",
      7,
    ])
      await expect(
        verification.report("docs", { status: "PASS", rationale: "", findings: [], at: wrong as string }),
        String(wrong),
      ).rejects.toThrow(RangeError);
    await verification.report("routing", { status: "PASS", rationale: "", findings: [], at });
    await verification.report("docs", { status: "WAIVED", rationale: "W-1", findings: [], at });
    expect(verification.state()).toMatchObject({ status: "WAIVED", seq: 4 });
    await verification.close();
    for (const wrong of [["UP"], ["a", "a"], ["../x"], []]) await expect(open(fs, { verticals: wrong })).rejects.toThrow(RangeError);
  });

  it("writes reports that their schemas accept, and goes on from the files alone (VER-01)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const first = await open(fs);
    await first.report("routing", { status: "FAIL", rationale: "r", findings: [finding("error"), finding("note")], at });
    const before = first.state();
    await expect(openVerification("/repo", { fs, lockHost: createMemoryLockHost(), random: countingRandom })).resolves.toBeDefined();
    await first.close();
    const committed = Object.fromEntries([...fs.files()].filter(([path]) => path.startsWith("/repo/VERIFICATION/")));
    const clone = createMemoryFileSystem({ files: { ...committed, "/repo/gov.yaml": "" } });
    const again = await open(clone);
    expect([again.state(), again.recovered]).toEqual([before, false]);
    expect(await again.report("docs", { status: "PASS", rationale: "", findings: [], at })).toBe(2);
    for (const [kind, path] of [
      ["verification_findings", "routing/findings.json"],
      ["verification_summary", "summary.json"],
    ] as const) {
      const checked = validateKind(kind, JSON.parse(clone.text(`/repo/VERIFICATION/${path}`) as string) as never);
      expect(checked, path).toEqual([]);
    }
    await again.close();
    const broken = createMemoryFileSystem({ files: { "/repo/VERIFICATION/docs/findings.json": '{"status":"GREAT"}' } });
    await expect(open(broken)).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
    const text = createMemoryFileSystem({ files: { "/repo/VERIFICATION/docs/findings.json": "{" } });
    await expect(open(text)).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
  });

  it("leaves all files of a change or none after a power cut at any call, and refreshes the summary from the findings (VER-01, VER-03)", async () => {
    let seen = 0;
    let acknowledged = 0;
    const fs: MemoryFileSystem = createMemoryFileSystem({
      files: { "/repo/gov.yaml": "" },
      afterCall: async () => {
        for (const image of fs.crashImages({ maxImages: 6, seed: fs.calls() })) {
          seen += 1;
          const verification = await open(image);
          const state = verification.state();
          expect([acknowledged, acknowledged + 1]).toContain(state.seq);
          if (state.seq > 0) {
            const summary = summaryOf(image);
            expect(summary.seq).toBe(state.seq);
            for (const { vertical, seq, status } of state.verticals) {
              expect(summary.verticals[vertical]).toMatchObject({ seq, status });
              if (seq > 0) expect(image.text(`/repo/VERIFICATION/${vertical}/report.md`)).toContain(`Change ${seq},`);
            }
            expect(image.text("/repo/VERIFICATION/master_report.md")).toContain(`change ${state.seq}\n`);
          }
          await verification.close();
        }
      },
    });
    const verification = await open(fs);
    for (const vertical of ["routing", "docs", "routing"]) {
      await verification.report(vertical, { status: "PASS", rationale: "r", findings: [], at });
      acknowledged += 1;
    }
    await verification.close();
    expect(seen).toBeGreaterThan(250);
    const quiet = fs.afterKill();
    await quiet.unlink("/repo/VERIFICATION/summary.json");
    const again = await open(quiet);
    await again.refresh();
    expect(summaryOf(quiet)).toMatchObject({ seq: 3, status: "PASS" });
    await again.close();
  }, 240_000);

  it.each(["docs/findings.json", "docs/report.md", "summary.json", "master_report.md"])(
    "finishes a change that failed at %s before the next one, so that no two have one number (VER-01, B-39)",
    async (name) => {
      let fails = false;
      const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
      const writer = {
        write: async (path: string, text: string) => {
          if (fails && path === `/repo/VERIFICATION/${name}`) throw new Error("no space");
          await replaceFile(path, text, { fs, random: countingRandom });
        },
      };
      const verification = await open(fs, { writer });
      await verification.report("docs", { status: "FAIL", rationale: "bad", findings: [], at });
      fails = true;
      await expect(verification.report("docs", { status: "PASS", rationale: "good", findings: [], at })).rejects.toThrow("no space");
      await expect(verification.report("routing", { status: "PASS", rationale: "r", findings: [], at })).rejects.toThrow("no space");
      fails = false;
      expect(await verification.report("routing", { status: "FAIL", rationale: "r", findings: [], at })).toBe(3);
      const state = verification.state();
      expect(state.verticals.map(({ vertical, status, seq }) => [vertical, status, seq])).toEqual([
        ["routing", "FAIL", 3],
        ["docs", "PASS", 2],
      ]);
      expect(summaryOf(fs).verticals).toMatchObject({ routing: { status: "FAIL", seq: 3 }, docs: { status: "PASS", seq: 2 } });
      expect([...(fs.text("/repo/VERIFICATION/docs/report.md") as string).matchAll(/^Change (\d+),/gm)].map(([, seq]) => seq)).toEqual([
        "2",
        "1",
      ]);
      await verification.close();
      const again = await open(fs);
      expect([again.state(), again.recovered]).toEqual([state, false]);
      await again.close();
    },
  );

  const standing = { version: "1", vertical: "docs", status: "PASS", generated_at: at, rationale: "r", seq: 1, findings: [] };
  it.each([
    ["findings that are no text", "docs/findings.json", Buffer.from([0x7b, 0xff])],
    ["findings of another vertical", "docs/findings.json", JSON.stringify({ ...standing, vertical: "routing" })],
    ["a summary that is no text", "summary.json", Buffer.from([0xff])],
    ["a summary that is a list", "summary.json", "[]"],
    ["a summary that is frozen in words", "summary.json", '{"version":"1","frozen":"true","seq":1}'],
  ])("takes %s for damaged, not for a state (VER-01)", async (_what, path, content) => {
    const fs = createMemoryFileSystem({ files: { [`/repo/VERIFICATION/${path}`]: content } });
    await expect(open(fs)).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { path: `/repo/VERIFICATION/${path}` } });
  });

  it("says ERROR where the verification throws before it waits", async () => {
    const verification = await open(createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } }));
    const verify = (): Promise<readonly Finding[]> => {
      throw new Error("at once");
    };
    expect(await verification.closeOut("docs", { verify, rationale: "r", at })).toMatchObject({ status: "ERROR" });
    await verification.close();
  });

  it("freezes neither a PASS whose findings have errors, nor with a README that it cannot read, and appends nothing (VER-04)", async () => {
    const passed = (vertical: string, findings: readonly Finding[]): string => JSON.stringify({ ...standing, vertical, findings });
    const wrong = createMemoryFileSystem({
      files: {
        "/repo/VERIFICATION/docs/findings.json": passed("docs", [finding("error")]),
        "/repo/VERIFICATION/routing/findings.json": passed("routing", []),
      },
    });
    const unread = createMemoryFileSystem({
      files: {
        "/repo/README.md": Buffer.from([0xff]),
        "/repo/VERIFICATION/docs/findings.json": passed("docs", []),
        "/repo/VERIFICATION/routing/findings.json": passed("routing", []),
      },
    });
    const log = memoryLog();
    for (const [fs, expected] of [
      [wrong, { code: "INDEX_VERIFICATION_REFUSED", details: { reasons: ['"docs" has 1 findings of severity error'] } }],
      [unread, { code: "INDEX_CORRUPT", details: { path: "/repo/README.md" } }],
    ] as const) {
      const verification = await open(fs);
      await expect(verification.freeze({ ...freezing, log })).rejects.toMatchObject(expected);
      expect([verification.state().frozen, log.entries]).toEqual([false, []]);
      await verification.close();
    }
  });

  it("drops an unfinished change whose files a checkout has exchanged", async () => {
    const base = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const first = await open(base);
    await first.report("routing", { status: "FAIL", rationale: "r", findings: [], at });
    await first.close();
    const intent = {
      format: "gov.verification_intent",
      version: 1,
      before: "sha256:other",
      files: [{ path: "VERIFICATION/summary.json", text: "{}" }],
    };
    const fs = createMemoryFileSystem({
      files: { ...Object.fromEntries(base.files()), "/repo/.gov/verification/intent.json": JSON.stringify(intent) },
    });
    const again = await open(fs);
    expect([again.recovered, again.state().seq, fs.text("/repo/.gov/verification/intent.json")]).toEqual([false, 1, null]);
    await again.close();
  });

  it.each([
    ["absolute", "/etc/passwd"],
    ["above the root", "VERIFICATION/../../outside.txt"],
    ["elsewhere in the root", "gov.yaml"],
    ["with a NUL", "VERIFICATION/docs/report.md\u0000"],
    ["the intent itself", ".gov/verification/intent.json"],
  ])("refuses an unfinished change of a file that is %s, and writes nothing of it (VER-01)", async (_what, path) => {
    const files = [
      { path: "VERIFICATION/summary.json", text: "{}" },
      { path, text: "taken over" },
    ];
    const intent = JSON.stringify({ format: "gov.verification_intent", version: 1, before: null, files });
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "own", "/repo/.gov/verification/intent.json": intent } });
    const before = [...fs.files()];
    await expect(open(fs)).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { path: "/repo/.gov/verification/intent.json" } });
    expect([...fs.files()]).toEqual(before);
  });

  it.each([
    ["a folder outside", "/repo/VERIFICATION", "/outside", false],
    ["a folder outside that is relative", "/repo/VERIFICATION/docs", "../../outside", false],
    ["a file outside", "/repo/VERIFICATION/docs/report.md", "/outside/report.md", false],
    ["nowhere", "/repo/VERIFICATION/docs/report.md", "/outside/new.md", false],
    ["a folder inside", "/repo/VERIFICATION/docs", "/repo/reports", true],
  ])("follows a link to %s only inside the root, in a change and in an unfinished one (VER-01)", async (_what, link, target, isInside) => {
    const fs = createMemoryFileSystem({ files: { "/repo/reports/old.md": "", "/outside/report.md": "", "/repo/VERIFICATION/x.md": "" } });
    if (link === "/repo/VERIFICATION") {
      await fs.unlink("/repo/VERIFICATION/x.md");
      await fs.rename("/repo/VERIFICATION", "/repo/old");
    } else if (link.endsWith("report.md")) await fs.mkdir("/repo/VERIFICATION/docs");
    fs.symlink(target, link);
    const report = { status: "PASS", rationale: "r", findings: [], at } as const;
    const reported = (async () => {
      await using verification = await open(fs);
      return await verification.report("docs", report);
    })();
    if (isInside) expect(await reported).toBe(1);
    else await expect(reported).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { path: link } });
    const handle = await fs.open("/repo/.gov/verification/intent.json", "create");
    const files = [{ path: "VERIFICATION/docs/report.md", text: "finished" }];
    const summary = fs.text("/repo/VERIFICATION/summary.json");
    const stands = summary === null ? null : digestBytes(summary);
    await handle.write(Buffer.from(JSON.stringify({ format: "gov.verification_intent", version: 1, before: stands, files })), 0);
    await handle.close();
    if (isInside) {
      await (await open(fs)).close();
      expect(fs.text("/repo/reports/report.md")).toBe("finished");
    } else {
      await expect(open(fs)).rejects.toMatchObject({ code: "INDEX_CORRUPT" });
      expect([...fs.files()].filter(([path]) => path.startsWith("/outside/"))).toEqual([["/outside/report.md", expect.anything()]]);
      expect(fs.text("/outside/report.md")).toBe("");
    }
  });

  it.each(["/repo/.gov", "/repo/.gov/verification", "/repo/.gov/verification/intent.json", "/repo/.gov/verification/writer.lock"])(
    "refuses %s when it is a link out of the root, and writes nothing",
    async (link) => {
      const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "", "/outside/file": "mine" } });
      for (const folder of ["/repo/.gov", "/repo/.gov/verification"]) if (link.startsWith(`${folder}/`)) await fs.mkdir(folder);
      fs.symlink(link.endsWith(".json") ? "/outside/none" : "/outside", link);
      await expect(open(fs)).rejects.toMatchObject({ code: "INDEX_CORRUPT", details: { path: link } });
      expect(await fs.readdir("/outside")).toEqual(["file"]);
    },
  );

  it("freezes only when all pass and the mode is hard_block; appends each decision once, publishes the runbook, and then accepts nothing (VER-04)", async () => {
    const fs = createMemoryFileSystem({
      files: { "/repo/README.md": "# Project\n\n<!-- runbook: begin -->\nold\n<!-- runbook: end -->\n\nEnd.\n" },
    });
    const log = memoryLog();
    const verification = await open(fs);
    await verification.report("routing", { status: "PASS", rationale: "holds", findings: [], at });
    await expect(verification.freeze({ ...freezing, mode: "warn", log })).rejects.toMatchObject({
      code: "INDEX_VERIFICATION_REFUSED",
      details: { reasons: ['"docs" is PENDING', 'the mode is "warn", not "hard_block"'] },
    });
    expect(log.entries).toEqual([]);
    await verification.report("docs", { status: "PASS", rationale: "", findings: [], at });
    // The first attempt dies after the log has its decisions.
    const failing: EntryLog = {
      ...log,
      append: async (entries, options) => (await log.append(entries, options), Promise.reject(new Error("power cut"))),
    };
    await expect(verification.freeze({ ...freezing, log: failing })).rejects.toThrow("power cut");
    expect(summaryOf(fs).frozen).toBe(false);
    expect(await verification.freeze({ ...freezing, log })).toMatchObject({ frozen: true, seq: 3 });
    expect(await verification.freeze({ ...freezing, log })).toMatchObject({ frozen: true, seq: 3 });
    expect(log.entries.map(({ subject, payload }) => [subject, (payload as { id: string }).id])).toEqual([
      ["routing", "CLOSE-routing-1"],
      ["docs", "CLOSE-docs-2"],
      ["verification", "CLOSE-verification-2"],
    ]);
    for (const { payload } of log.entries) expect(validateKind("decision_entry", payload)).toEqual([]);
    const readme = fs.text("/repo/README.md") as string;
    expect(readme).toMatch(
      /^# Project\n\n<!-- runbook: begin -->\n\n## Runbook\n\n### Commands\n\n- \[ \] gov check\n[^]*### Waivers\n\nNone\.\n[^]*<!-- runbook: end -->\n\nEnd\.\n$/,
    );
    expect(fs.text("/repo/VERIFICATION/master_report.md")).toContain("**PASS**, frozen");
    await expect(verification.report("docs", { status: "FAIL", rationale: "", findings: [], at })).rejects.toMatchObject({
      code: "INDEX_VERIFICATION_FROZEN",
    });
    await verification.close();
    const again = await open(fs);
    expect(again.state().frozen).toBe(true);
    await expect(again.closeOut("docs", { verify: async () => [], rationale: "", at })).rejects.toMatchObject({
      code: "INDEX_VERIFICATION_FROZEN",
    });
    await again.close();
  });

  it("lets one process write at a time, and takes no second one in", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const lockHost = createMemoryLockHost();
    const first = await open(fs, { lockHost });
    await expect(open(fs, { lockHost })).rejects.toMatchObject({ code: "INDEX_LOCKED" });
    await first.close();
    await (await open(fs, { lockHost })).close();
  });

  it("goes through the document writer it is given: in mode bridge there is no other way in (VER-05)", async () => {
    const fs = createMemoryFileSystem({ files: { "/repo/gov.yaml": "" } });
    const submitted: string[] = [];
    const bridge = { submit: async ({ path }: { readonly path: string }) => void submitted.push(path), accepted: async () => null };
    const writer = await openDocumentWriter({ mode: "bridge", fs, bridge, random: countingRandom });
    const verification = await open(fs, { writer });
    await verification.report("docs", { status: "PASS", rationale: "", findings: [], at });
    expect(submitted.map((path) => path.slice("/repo/VERIFICATION/".length))).toEqual([
      "docs/findings.json",
      "docs/report.md",
      "summary.json",
      "master_report.md",
    ]);
    await expect(writer.writeDirect("/repo/VERIFICATION/summary.json", "{}")).rejects.toMatchObject({ code: "ATOMIC_IO_MODE_REJECTED" });
    await verification.close();
    await writer.close();
  });
});
