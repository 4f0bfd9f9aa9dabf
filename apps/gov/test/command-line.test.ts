import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandTable } from "../src/command-table.ts";
import { flagsOf, globalFlags } from "../src/arguments.ts";
import { renderCommandHelp } from "../src/render/help.ts";
import { before, calls } from "./calls.ts";
import { advance, cycle, governed, places } from "./governed.ts";
import { commit, folder, gov, govWith, type Run, write } from "./harness.ts";

async function callAll(root: string, format: "text" | "json"): Promise<ReadonlyMap<string, Run>> {
  const keys = folder();
  const runs = new Map<string, Run>();
  await advance(root, ...before);
  for (const [name, argv, , { prepare, env = {} } = {}] of calls) {
    const named = argv.map((word) => word.replace("$keys", keys));
    await prepare?.(root, keys);
    runs.set(name, await govWith({ env }, root, ...named, "--format", format));
  }
  return runs;
}

/** What a call said on standard error, the address of a service and what is told while it goes on aside. */
function quietly(run: Run | undefined): string | undefined {
  return run?.err
    .replace(/^gov: serving ".*" at http:\S+ \(Ctrl-C stops it\)\n$/, "")
    .replace(/^✔ \d+ files read, \d+ artifacts: 0 errors, 0 warnings\n$/, "");
}

describe("gov", () => {
  it("has a call here for every command, which does what it says (RTE-06)", async () => {
    expect(calls.map(([name]) => name).sort()).toEqual(commandTable.map(({ name }) => name).sort());
    const runs = await callAll(governed(), "text");
    for (const [name, , shows] of calls) {
      const run = runs.get(name);
      expect([name, run?.code, quietly(run)]).toEqual([name, 0, ""]);
      expect(run?.out).toMatch(shows);
    }
  });

  it("answers every command with one JSON object on request, ok first, findings always (RTE-06)", async () => {
    const runs = await callAll(governed(), "json");
    for (const [name, run] of runs) {
      expect([name, run.code, quietly(run)]).toEqual([name, 0, ""]);
      expect(Object.keys(run.json())[0]).toBe("ok");
      expect(run.json()["ok"]).toBe(true);
      expect(run.json()["findings"]).toBeInstanceOf(Array);
    }
  });

  it("gives the same JSON for the same documents", async () => {
    const root = governed();
    for (const argv of [["check"], ["status"], ["gate", cycle], ["cycle"], ["resolve", "rulebook"], ["route"], ["explain", "lifecycle"]]) {
      const [first, second] = [await gov(root, ...argv, "--format", "json"), await gov(root, ...argv, "--format", "json")];
      expect(first.out).toBe(second.out);
    }
  });

  it("lists every command in its help, and explains each with flags and examples that parse (RTE-06)", async () => {
    const help = await gov("/", "--help");
    expect(help.code).toBe(0);
    expect(Math.max(...help.out.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
    for (const entry of commandTable) {
      const command = await entry.load();
      const [noun = "", verb = ""] = entry.name.split(" ");
      expect(help.out).toMatch(new RegExp(`^  ${noun} .*${verb}`, "m"));
      if (verb !== "") expect((await gov("/", noun, "--help")).out).toContain(`  ${entry.name} `);
      const narrow = renderCommandHelp(entry, command, { table: commandTable, columns: 80 }).split("\nExamples:\n")[0] ?? "";
      expect(Math.max(...narrow.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
      const own = await gov("/", ...entry.name.split(" "), "--help");
      expect([entry.name, own.code]).toEqual([entry.name, 0]);
      expect(own.out).toContain(entry.summary);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const flag of Object.keys({ ...flagsOf(entry, command), ...globalFlags }))
        if (flag !== "version") expect(own.out).toContain(`--${flag}`);
      for (const example of command.examples) {
        const [program, ...argv] = example.split(" ");
        expect(program).toBe("gov");
        expect([example, (await gov("/", ...argv, "--help")).code]).toEqual([example, 0]);
      }
      expect((await gov("/", "help", ...entry.name.split(" "))).out).toBe(own.out);
    }
  });

  it("prints its version, and its help to standard error when it does not know what to do", async () => {
    expect(await gov("/", "--version")).toMatchObject({ code: 0, out: "0.0.0-test\n", err: "" });
    expect(await gov("/", "-V")).toMatchObject({ code: 0 });
    const { code, out, err } = await gov("/");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toBe((await gov("/", "help")).out);
  });

  it.each([
    [["chek"], 'Unknown command "chek"', 'did you mean "gov check"?'],
    [["manifest"], '"gov manifest" needs a second word', "one of gov manifest seal, gov manifest cosign, gov manifest close"],
    [["manifest", "sael"], 'Unknown command "manifest sael"', 'did you mean "gov manifest seal"?'],
    [["manifest", "frobnicate"], 'Unknown command "manifest frobnicate"', "one of gov manifest seal"],
    [["completion", "tcsh"], 'There is no completion for "tcsh"', "one of bash, zsh, fish"],
    [["cycle", cycle, "create_plan", "--as-of", "2026-01-01"], "--as-of needs --dry-run with gov cycle", "recorded"],
    [["check", "--as-of", "soon"], "--as-of must be a time", "such as"],
    [["xyzzyxyzzy"], "Unknown command", "gov --help lists the commands"],
    [["check", "--formt", "json"], "Unknown option '--formt'", 'did you mean "--format"?'],
    [["check", "--json"], "Unknown option '--json'", 'did you mean "--format json"?'],
    [["check", "--zzzzzzzz"], "Unknown option '--zzzzzzzz'", "such as gov check; gov check --help says more"],
    [["check", "--format"], "Option '--format <value>' argument missing", "such as gov check governance --format json"],
    [["check", "--since", "--format"], "Option '--since' argument is ambiguous", "--since=<value>"],
    [["check", "--format", "xml"], "--format must be one of pretty, json, sarif, junit, github, markdown", "such as gov check"],
    [["check", "--fail-on", "note"], "--fail-on must be one of error, warning", ""],
    [["check", "a", "b"], 'Unexpected argument "b"', ""],
    [["--format", "json", "check"], "Flags stand after the command", "gov check"],
    [["gate"], "Missing the id of the cycle", "gov cycle"],
    [["digest", "../../x"], 'Cannot use "../../x" as the id of a cycle', ""],
    [["cycle", "", "create_plan"], 'Cannot use "" as the id of a cycle', ""],
    [["gate", cycle, "schema_lint", "--event", "x"], "A gate and --event exclude each other", ""],
    [["hydrate"], "Missing --dry-run", "gov route and gov resolve explain it"],
    [["resolve", "a", "b"], 'Unexpected argument "b"', ""],
    [["explain"], "Missing what to explain", "such as gov explain schema_lint; gov explain --help says more"],
    [["plan", "lint"], "Missing the plan to lint", "such as gov plan lint docs/plan.md"],
    [["approve"], "Missing the id or path of the document to approve", "such as gov approve PLN-BE-2026-01-backlog"],
    [["kpi", "c22"], "Missing --inputs", "such as gov kpi c22 --inputs kpi-inputs.json"],
    [["kpi", "c11", "--deployments", "d.json"], "Missing --from", "such as gov kpi c11 --deployments deployments.json --from"],
    [["manifest", "seal", cycle], "Missing --key", "gov key new makes a key"],
    [["key", "new"], "Missing the file for the private key", ""],
    [["key", "new", "k.pem"], "Missing --person", ""],
    [["index", "--check", "--rebuild"], "--check and --rebuild exclude each other", ""],
    [["init", "--preset", "nope"], 'No templates for preset "nope"', "there are templates for be, fe"],
  ])("refuses %j with exit code 2, saying what is wrong and what to do (SCH-11)", async (argv, message, hint) => {
    const { code, out, err } = await gov("/", ...argv);
    if (argv.includes("json")) expect(out + err).toContain(message);
    else {
      expect(out).toBe("");
      expect(err).toContain(message);
      expect(err).toContain(hint);
      expect(err).toContain("CLI_USAGE");
      expect(err).not.toMatch(/^\s+at /m);
    }
    expect(code).toBe(2);
  });

  it("gives an error as JSON: code, message and hint, and findings (SCH-11)", async () => {
    const { code, json, err } = await gov("/", "chek", "--format", "json");
    expect([code, err]).toEqual([2, ""]);
    expect(json()).toEqual({
      ok: false,
      error: { code: "CLI_USAGE", message: 'Unknown command "chek"', hint: 'did you mean "gov check"?' },
      findings: [],
    });
    expect((await gov("/", "check", "--format=json", "a", "b")).json()["error"]).toMatchObject({
      hint: "such as gov check; gov check --help says more",
    });
  });

  it("explains an artifact, a state, a gate and the lifecycle, and says so of an unknown word", async () => {
    const root = governed();
    const explained = async (word: string, cwd = root) => gov(cwd, "explain", word);
    expect((await explained("PACKAGED")).out).toContain("begin_execution leads to EXECUTED");
    expect((await explained("IMPROVE")).out).toContain("the end of the cycle");
    expect((await explained("parity_coverage")).out).toContain('validator coverage_analyzer {"minimum":80}');
    expect((await explained("lifecycle")).out).toContain("stateDiagram-v2");
    for (const word of [`${cycle}-backlog`, places.backlog]) expect((await explained(word)).out).toContain("stands where it belongs");
    expect((await explained("artifact_routing.mdc", join(root, "rules"))).out).toContain("has no place: unrouted");
    const unknown = await explained("nothing");
    expect(unknown.code).toBe(3);
    expect(unknown.err).toContain("CLI_NOTHING_TO_EXPLAIN");
    expect((await gov(root, "explain", `${cycle}-backlog`, "--format", "json")).json()).toMatchObject({
      selection: { outcome: "selected" },
      route: { outcome: "routed" },
    });
  });

  it("selects the approved document over a newer draft, and leaves two drafts to a person (HYD-01)", async () => {
    const root = governed();
    const draft = (name: string, id: string) =>
      write(
        root,
        join(dirname(places.storyMap), name),
        `---\nid: ${id}\nversion: 9.0.0\nstatus: draft\nkind: story_map\n---\n\n- [SM-1] One\n`,
      );
    draft("newer-story_map.md", `${cycle}-story-map`);
    draft("a-story_map.md", "two");
    draft("b-story_map.md", "two");
    commit(root, 1_800_000_000);
    const approved = await gov(root, "resolve", `${cycle}-story-map`, "--format", "json");
    expect([approved.code, approved.json()["path"], approved.json()["rule"]]).toEqual([0, places.storyMap, "approved"]);
    const drafts = await gov(root, "resolve", "two", "--format", "json");
    expect([drafts.code, drafts.json()["path"]]).toEqual([1, null]);
    expect((await gov(root, "resolve", "two")).out).toContain("a person has to decide");
    expect((await gov(root, "resolve", "nope")).code).toBe(3);
  });

  it("says where a document belongs that stands elsewhere (RTE-01)", async () => {
    const root = governed();
    const backlog = readFileSync(join(root, places.backlog), "utf8");
    write(root, "frameworks/planning-be/stray-be_backlog.yaml", backlog.replace("id: PLN-BE-2026-01-backlog", "id: stray"));
    const { code, out } = await gov(root, "route", "stray");
    expect([code, out.includes(`belongs at ${places.backlog}`)]).toEqual([0, true]);
    expect((await gov(root, "check")).out).toContain("HYDRATION_MISPLACED");
    expect((await gov(root, "route", "nope")).code).toBe(3);
    expect((await gov(folder({ "gov.yaml": "version: 1\n" }), "route")).err).toContain("CLI_NO_ROUTES");
  });
});
