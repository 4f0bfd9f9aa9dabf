import { commandTable } from "../../src/command-table.ts";
import { changeLog, coverageSummary, issueList, rbacPolicy } from "../documents.ts";
import type { Answer, CallOptions, Random, Team } from "./team.ts";

/** Something that must never be, found in a year. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** What a year was like. */
interface Year {
  readonly calls: number;
  readonly deaths: number;
  /** Names of the commands that were called. */
  readonly called: readonly string[];
  /** Names of the commands of which at least one call died. */
  readonly died: readonly string[];
  readonly cycles: number;
  readonly refused: number;
  readonly expired: number;
  readonly entries: number;
}

/** Options of {@link runYear}. */
interface YearOptions {
  readonly random: Random;
  /** @default both */
  readonly streams?: readonly ("be" | "fe")[] | undefined;
  /** Leaves out the change of keys and the odd jobs. @default false */
  readonly brief?: boolean | undefined;
  /** Cycles of each stream. */
  readonly cycles: number;
  /** Folder for private keys, outside of the repository. */
  readonly keys: string;
  /** How often a call dies that need not, from 0 to 1; the first of each command always does. @default 0.1 */
  readonly deathRate?: number | undefined;
}

const log = "memory-bank/decisions/index.jsonl";
const author = "author@example.org";
const reviewers = ["reviewer@example.org", "second@example.org"] as const;

/** What the preset of the frontend asks for, and this team proves elsewhere: its own gates replace those of the preset by name. */
const ownGates = `gates:
${["release_readiness", "kpi_measurement", "parity_coverage_post", "retro_signatures", "improvement_captured"]
  .map((name) => `  ${name}: { triggers: [], validators: [{ type: critical_zero, source: issues }] }\n`)
  .join("")}`;

const waiverPolicy = `waivers:
  override_policy: waiver
  approver_roles: [planning_lead]
  max_days: 30
`;

const environments = `  promotion:
    approvals: 1
    environments: [{ name: staging, automatic: true }, { name: production, soak_hours: 24 }]
`;

/** A year of a team of two streams, as calls of `gov`; whatever was acknowledged has to stand, whoever dies meanwhile. */
export async function runYear(team: Team, options: YearOptions): Promise<Year> {
  const { cycles, brief = false, streams = ["be", "fe"] } = options;
  const year = new YearOfTeam(team, options);
  for (const stream of streams) await year.setUp(stream);
  for (let index = 1; index <= cycles; index++) {
    const stream = streams[index % streams.length] ?? "be";
    for (const each of streams) await year.runCycle(each, `PLN-${each.toUpperCase()}-2026-${String(index).padStart(2, "0")}`);
    await year.writeAtOnce(stream, index);
    await year.loseIndex(stream);
    await year.promoteAndRollBack(stream, index);
    await year.merge(stream, index);
    if (index === 1 && !brief) {
      await year.rotateKey(stream);
      await year.doOddJobs(stream, `PLN-${stream.toUpperCase()}-2026-01`);
    }
    await team.pass(Math.floor(360 / cycles));
    for (const each of streams) await year.runDue(each);
  }
  return year.verify();
}

/** What a root has acknowledged, and what therefore has to be there. */
interface Acknowledged {
  log: string;
  readonly sealed: Map<string, string>;
  readonly events: Map<string, string[]>;
}

class YearOfTeam {
  readonly #team: Team;
  readonly #options: YearOptions;
  readonly #acknowledged = new Map<string, Acknowledged>();
  readonly #called = new Set<string>();
  readonly #died = new Set<string>();
  readonly #archives = new Map<string, string>();
  readonly #env = new Map<string, Readonly<Record<string, string>>>();
  #calls = 0;
  #refused = 0;

  constructor(team: Team, options: YearOptions) {
    this.#team = team;
    this.#options = options;
  }

  async setUp(stream: string): Promise<void> {
    this.#acknowledged.set(stream, { log: "", sealed: new Map(), events: new Map() });
    await this.#team.edit(`${stream}/rbac_policy.yaml`, rbacPolicy(author, "ann", ...reviewers));
    await this.#run(stream, ["init", "--yes", "--preset", stream]);
    const config = await this.#require(`${stream}/gov.yaml`);
    if (!config.includes("evidence:"))
      await this.#team.edit(
        `${stream}/gov.yaml`,
        `${config}evidence: { coverage: coverage-summary.json, issues: VERIFICATION/issue_list.yaml }\n`,
      );
    await this.#team.edit(`${stream}/coverage-summary.json`, coverageSummary(95));
    await this.#team.edit(`${stream}/VERIFICATION/issue_list.yaml`, issueList("[]"));
    await this.#append(`${stream}/rulebook.yaml`, `${waiverPolicy}${stream === "fe" ? ownGates : ""}`);
    const rules = `${stream}/rules/promotion_rules.mdc`;
    await this.#team.edit(rules, (await this.#require(rules)).replace("  rollback:", `${environments}  rollback:`));
    this.#env.set(stream, { GOV_SIGNING_KEY: await this.#newKey(stream) });
    const second = `${this.#options.keys}/${stream}-second.pem`;
    await this.#settled(stream, ["key", "new", second, "--person", "bob", "--role", "planning_lead"]);
    await this.#run(stream, ["key", "trust", `${second}.pub`, "--person", "bob", "--role", "planning_lead"]);
    await this.#grantWaiver(stream, `W-${stream}`);
    await this.#run(stream, ["route", "sync"]);
    await this.#team.commit(`Set up ${stream}`);
    await this.#run(stream, ["check"]);
  }

  async runCycle(stream: string, cycle: string): Promise<void> {
    await this.#run(stream, ["init", "--yes", "--cycle", cycle]);
    const documents = await this.#approveDrafts(stream, cycle);
    await this.#team.commit(`Plan ${cycle}`);
    await this.#run(stream, ["check"]);
    await this.#send(stream, cycle, "create_plan", "PLANNED");
    for (const reviewer of reviewers) await this.#run(stream, ["approve", documents.plan, "--actor", reviewer], { unsigned: true });

    await this.#team.edit(
      `${stream}/VERIFICATION/issue_list.yaml`,
      issueList("[{ id: I-1, title: Broken, severity: critical, status: open }]"),
    );
    await this.#refuse(stream, ["cycle", cycle, "validate_complete"], 1);
    await this.#team.edit(`${stream}/VERIFICATION/issue_list.yaml`, issueList("[]"));
    await this.#run(stream, ["gate", cycle, "schema_lint", "--record"]);
    await this.#send(stream, cycle, "validate_complete", "READY_FOR_HANDOFF");

    await this.#refuse(stream, ["seal", cycle], 1);
    await this.#send(stream, cycle, "package_artifacts", "PACKAGED");
    await this.#seal(stream, cycle);
    await this.#tamper(stream, documents.map);
    await this.#promote(stream, cycle);

    const record = `${stream}/frameworks/planning-${stream}/execution/${cycle}-execution_change_log.yaml`;
    await this.#team.edit(record, changeLogOf(cycle));
    if (stream === "be") {
      await this.#team.edit(`${stream}/coverage-summary.json`, coverageSummary(50));
      await this.#refuse(stream, ["cycle", cycle, "begin_execution"], 1);
    }
    await this.#team.edit(`${stream}/coverage-summary.json`, coverageSummary(95));
    await this.#send(stream, cycle, "begin_execution", "EXECUTED");
    await this.#send(stream, cycle, "validate_results", "VALIDATED");
    await this.#run(stream, ["digest", cycle, "--write"]);
    await this.#send(stream, cycle, "analyze_metrics", "IMPROVE");
    await this.#send(stream, cycle, "cycle_complete", null);
    await this.#team.commit(`Complete ${cycle}`);
    await this.#run(stream, ["index"]);
    await this.#run(stream, ["status"]);
  }

  /** Two people on two machines that share the files write in the same moment: each is told the truth. */
  async writeAtOnce(stream: string, index: number): Promise<void> {
    const words = [`rulebook`, `hydration_rules`];
    const purposes = words.map((word) => ["approve", word, "--purpose", `round-${index}`, "--actor", reviewers[0]] as const);
    this.#calls += 2;
    const answers = await Promise.all(purposes.map((argv, place) => this.#team.gov(stream, argv, { elsewhere: place === 1, env: {} })));
    await this.#look(stream);
    for (const [place, answer] of answers.entries()) {
      if (answer === null || ![0, 4].includes(answer.code))
        throw this.#violation("two at once: neither done nor told to try again", answer);
      if (answer.code !== 0) {
        this.#refused += 1;
        await this.#settled(stream, purposes[place] ?? [], { unsigned: true });
      }
    }
    const text = await this.#readLog(stream);
    for (const word of words)
      if (occurrences(text, `"purpose":"round-${index}"`) !== words.length)
        throw this.#violation(`the approval of ${word} in round ${index} was told ${text.length}`, null);
    await this.#acknowledge(stream);
  }

  /** The index and everything of it is lost; the documents make it again, byte for byte. */
  async loseIndex(stream: string): Promise<void> {
    await this.#run(stream, ["index"]);
    const before = await this.#require(`${stream}/artifacts_index.json`);
    await this.#team.edit(`${stream}/artifacts_index.json`, null);
    await this.#run(stream, ["index", "--rebuild"]);
    if ((await this.#team.read(`${stream}/artifacts_index.json`)) !== before) throw this.#violation("the rebuilt index differs", null);
    await this.#run(stream, ["index", "--check"]);
  }

  /** Freezes, keeps a signed snapshot, loses a document, and comes back to what was kept. */
  async promoteAndRollBack(stream: string, index: number): Promise<void> {
    await this.#run(stream, ["snapshot", "take", "--trigger", "promotion"]);
    await this.#run(stream, ["promotion", "freeze", `audit-${index}`, "--reason", "Audit", "--until", "2030-01-01T00:00:00Z"]);
    const path = `${stream}/rulebook.yaml`;
    const before = await this.#require(path);
    await this.#team.edit(path, `${before}# Somebody was here\n`);
    await this.#run(stream, ["promotion", "unfreeze", `audit-${index}`]);
    await this.#finish(stream, ["playbook", "run", "promotion", "--run", `rollback-${index}`]);
    if ((await this.#team.read(path)) !== before) throw this.#violation("the rollback has not restored the rulebook", null);
    await this.#run(stream, ["promotion", "status"]);
  }

  /** A branch and the main line both write a document, the index and the log; all of it is there afterwards, once the log is joined. */
  async merge(stream: string, index: number): Promise<void> {
    const page = (name: string) =>
      `---\nid: ${name}-${index}\nversion: 1.0.0\nstatus: draft\nkind: artifact\nnext_review: 2026-06-01\n---\n\n# ${name}\n`;
    const work = async (name: string) => {
      await this.#team.edit(`${stream}/frameworks/notes/${name}-${index}.md`, page(name));
      await this.#run(stream, ["index"]);
      await this.#run(stream, ["approve", "rulebook", "--purpose", `${name}-${index}`, "--actor", reviewers[0]], { unsigned: true });
    };
    const acknowledged = this.#of(stream);
    const base = acknowledged.log;
    let onBranch = "";
    await this.#team.branch({
      onBranch: async () => {
        await work("branch");
        onBranch = acknowledged.log.slice(base.length);
        // On the main line nothing of it has happened yet.
        acknowledged.log = base;
      },
      onMain: () => work("main"),
    });
    await this.#refuse(stream, ["status"], 5);
    await this.#run(stream, ["audit", "join"]);
    for (const line of onBranch.trimEnd().split("\n"))
      if (!acknowledged.log.includes(`${line}\n`)) throw this.#violation(`a merge has lost ${line}`, null);
    await this.#run(stream, ["audit", "verify"]);
    await this.#refuse(stream, ["index", "--check"], 1);
    await this.#run(stream, ["index"]);
    await this.#run(stream, ["index", "--check"]);
  }

  async rotateKey(stream: string): Promise<void> {
    const files = ["rotated", "rotated-next"].map((word) => `${this.#options.keys}/${stream}-${word}.pem`);
    const [first = "", next = ""] = files;
    const before = await this.#require(`${stream}/trust_policy.yaml`);
    const answer = await this.#try(stream, ["key", "rotate", first, "--person", "ann"]);
    if (answer !== null && answer.code !== 0) throw this.#violation("key rotate", answer);
    const isDone = (await this.#require(`${stream}/trust_policy.yaml`)) !== before;
    if (!isDone) await this.#settled(stream, ["key", "rotate", next, "--person", "ann"]);
    this.#env.set(stream, { GOV_SIGNING_KEY: isDone ? first : next });
    await this.#run(stream, ["key", "list"]);
    await this.#run(stream, ["verify"]);
    // What the old key has signed is not restored any more.
    await this.#refuse(stream, ["dr", "rehearse", `${this.#options.keys}/never-${stream}`], 3);
    await this.#run(stream, ["snapshot", "take"]);
  }

  /** What is done now and then, so that every command that writes has its death. */
  async doOddJobs(stream: string, cycle: string): Promise<void> {
    const { keys } = this.#options;
    const manifest = `frameworks/planning-${stream}/manifests/${cycle}-handoff_manifest.yaml`;
    await this.#run(stream, ["manifest", "publish", manifest]);
    await this.#run(stream, ["manifest", "close", cycle]);
    // The next link of the chain follows the closing one.
    const closing = `${stream}/${manifest.replace("-handoff", "-closing-handoff")}`;
    this.#of(stream).sealed.set(closing, await this.#require(closing));
    await this.#run(stream, ["snapshot", "backup", `${keys}/backup-${stream}`]);
    await this.#run(stream, ["snapshot", "repair", `${keys}/backup-${stream}`]);
    await this.#grantWaiver(stream, `W-${stream}-2`, "CVE-2026-2");
    await this.#step(stream, ["waiver", "revoke", `W-${stream}-2`, "--reason", "Mended"]);
    await this.#run(stream, ["reports", "close", "docs", "--rationale", "Every document says what it should"]);
    await this.#run(stream, ["reports", "refresh"]);
    await this.#refuse(stream, ["reports", "freeze"], 1);
    await this.#team.edit(`${keys}/entries.jsonl`, '{"id":"report-1","payload":{"verdict":"PASS"}}\n');
    await this.#run(stream, ["bridge", "append", `${keys}/entries.jsonl`]);
    await this.#run(stream, ["bridge", "drain"]);
    await this.#run(stream, ["bridge", "redrive"]);
    if (!(await this.#settled(stream, ["bridge", "read"])).out.includes('"seq":1'))
      throw this.#violation("the bridge has lost an entry", null);
    await this.#run(stream, ["check", "--write-baseline"]);
    await this.#run(stream, ["route", "drift", "--sync"]);
    await this.#run(stream, ["route", "rollback", "--write"]);
    await this.#run(stream, ["migrate"]);
    await this.#run(stream, ["dr", "rehearse", `${this.#options.keys}/scratch-${stream}`]);
    await this.#archiveLog(stream);
    await this.#run(stream, ["audit", "verify"]);
    await this.#team.commit("Odd jobs");
  }

  async runDue(stream: string): Promise<void> {
    await this.#run(stream, ["run-due"]);
    const before = await this.#readLog(stream);
    await this.#settled(stream, ["run-due"]);
    if ((await this.#readLog(stream)) !== before) throw this.#violation("run-due told the log twice", null);
    // Whoever died after the log knew of the waiver, and before this list did.
    if (!(await this.#require(`${stream}/waiver_db.json`)).includes('"state":"expired"'))
      throw this.#violation("the list of waivers is behind", null);
  }

  /** One command verifies the whole history; what was acknowledged is all there, and once. */
  async verify(): Promise<Year> {
    let [cycles, entries, expired] = [0, 0, 0];
    for (const [stream, acknowledged] of this.#acknowledged) {
      await this.#settled(stream, ["verify", "--all"]);
      await this.#settled(stream, ["check"]);
      const text = await this.#readLog(stream);
      entries += text.trimEnd().split("\n").length;
      const ended = occurrences(text, '"type":"waiver.expired"');
      if (ended !== 1) throw this.#violation(`that the waiver has expired was told ${ended} times`, null);
      expired += ended;
      for (const [cycle, events] of acknowledged.events) {
        cycles += 1;
        const told = eventsIn(text, cycle);
        if (told.join() !== events.join()) throw this.#violation(`${cycle} went ${told.join(", ")} instead of ${events.join(", ")}`, null);
      }
    }
    return {
      calls: this.#calls,
      deaths: this.#team.deaths(),
      called: [...this.#called].sort(),
      died: [...this.#died].sort(),
      cycles,
      refused: this.#refused,
      expired,
      entries,
    };
  }

  /** Moves what stands before the last merge out of the log; whoever dies has it in both files until it is run again. */
  async #archiveLog(stream: string): Promise<void> {
    const lines = (await this.#readLog(stream)).trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { readonly kind: string; readonly seq: number });
    const joined = entries.findLastIndex(({ kind }) => kind === "JOIN");
    const seq = String(entries[joined]?.seq);
    this.#archives.set(stream, `${stream}/memory-bank/decisions/archive/index-${"1".padStart(10, "0")}-${seq.padStart(10, "0")}.jsonl`);
    await this.#run(stream, ["audit", "archive", "--through", seq]);
    const kept = await this.#require(`${stream}/${log}`);
    if (
      kept !==
      lines
        .slice(joined + 1)
        .map((line) => `${line}\n`)
        .join("")
    )
      throw this.#violation("the log keeps what was archived", null);
  }

  /** The log with what was archived of it, which counts once where a death has left it in both. */
  async #readLog(stream: string): Promise<string> {
    const own = (await this.#team.read(`${stream}/${log}`)) ?? "";
    const path = this.#archives.get(stream);
    const archived = (path === undefined ? null : await this.#team.read(path)) ?? "";
    return own.startsWith(archived) ? own : archived + own;
  }

  async #append(path: string, text: string): Promise<void> {
    await this.#team.edit(path, `${await this.#require(path)}${text}`);
  }

  /** An exception that ends within the year. Whoever died may have been told of or not: the log knows. */
  async #grantWaiver(stream: string, id: string, rule = "CVE-2026-1"): Promise<void> {
    const about = [
      "--id",
      id,
      "--reason",
      "Not reachable",
      "--ticket",
      "T-1",
      "--requested-by",
      "bob",
      "--expires",
      this.#team.waiverEnds(),
    ];
    const argv = ["waiver", "grant", rule, ...about, "--actor", "ann"];
    const answer = await this.#try(stream, argv);
    if (answer !== null && answer.code !== 0) throw this.#violation("waiver grant", answer);
    const isGranted = (await this.#readLog(stream)).includes(`"id":"${id}"`);
    if (!isGranted) await this.#settled(stream, argv);
    await this.#acknowledge(stream);
  }

  /** A sealed manifest reaches its first environment; a second run breaks it, and the environment is brought back to what stood there. */
  async #promote(stream: string, cycle: string): Promise<void> {
    const path = `frameworks/planning-${stream}/manifests/${cycle}-handoff_manifest.yaml`;
    await this.#run(stream, ["manifest", "cosign", path, "--key", `${this.#options.keys}/${stream}-second.pem`]);
    await this.#step(stream, ["promotion", "review", path]);
    await this.#step(stream, ["promotion", "approve", path, "--actor", reviewers[0]], { unsigned: true });
    const into = this.#team.environment(stream, "staging");
    const to = (run: string) => ["promotion", "run", path, "--to", "staging", "--into", into, "--run", run];
    await this.#finish(stream, [...to(`${cycle}-p1`), "--healthy"]);
    const placed = `${into}/${stream === "be" ? `frameworks/planning-be/backlogs/${cycle}-be_backlog.yaml` : `frameworks/planning-fe/breakdowns/${cycle}-fe_task_breakdown.yaml`}`;
    const before = await this.#require(placed);
    // Nobody says that it is well, so promotions stay frozen; somebody breaks it, and it is taken back.
    await this.#refuse(stream, to(`${cycle}-p2`), 3);
    await this.#team.edit(placed, "broken\n");
    const back = ["--environment", "staging", "--into", into, "--supersedes", `${cycle}-p2`, "--trigger", "slo_breach"];
    await this.#finish(stream, ["playbook", "run", "--run", `${cycle}-back`, ...back]);
    if ((await this.#team.read(placed)) !== before) throw this.#violation("the rollback has not restored what was promoted", null);
  }

  /** A call that says once what is so; done again after a death, it may find it said. */
  async #step(stream: string, argv: readonly string[], options: { readonly unsigned?: boolean } = {}): Promise<void> {
    const before = await this.#readLog(stream);
    const answer = await this.#try(stream, argv, options);
    if (answer !== null && answer.code !== 0) throw this.#violation(`gov ${argv.join(" ")}`, answer);
    if (answer === null && (await this.#readLog(stream)) === before) await this.#settled(stream, argv, options);
    await this.#acknowledge(stream);
  }

  /** A key that the trust policy trusts. A call that died may have left a key that nobody trusts; then the next one is. */
  async #newKey(stream: string): Promise<string> {
    const who = ["--person", "ann", "--role", "planning_lead"];
    const [first, next] = [`${this.#options.keys}/${stream}.pem`, `${this.#options.keys}/${stream}-next.pem`];
    const answer = await this.#try(stream, ["key", "new", first, ...who, "--policy", "trust_policy.yaml"]);
    if (answer?.code === 0) return first;
    if (answer !== null) throw this.#violation("key new", answer);
    // The policy is written last: where it is, the key is, too.
    if ((await this.#team.read(`${stream}/trust_policy.yaml`)) !== null) return first;
    await this.#settled(stream, ["key", "new", next, ...who, "--policy", "trust_policy.yaml"]);
    return next;
  }

  async #approveDrafts(stream: string, cycle: string): Promise<{ readonly plan: string; readonly map: string }> {
    const base = `${stream}/frameworks/planning-${stream}`;
    const plan = stream === "be" ? `backlogs/${cycle}-be_backlog.yaml` : `breakdowns/${cycle}-fe_task_breakdown.yaml`;
    for (const path of [plan, `contracts/${cycle}-dependency_contracts.yaml`, `storymaps/${cycle}-story_map.md`]) {
      const text = await this.#require(`${base}/${path}`);
      await this.#team.edit(
        `${base}/${path}`,
        text
          .replace("status: draft", "status: approved")
          .replace("nodes: [SM-001]", "nodes: [SM-001, SM-002]")
          .replace("version: 0.1.0", "version: 1.0.0"),
      );
    }
    return { plan: stream === "be" ? `${cycle}-backlog` : `${cycle}-breakdown`, map: `${base}/storymaps/${cycle}-story_map.md` };
  }

  async #send(stream: string, cycle: string, event: string, state: string | null): Promise<void> {
    const argv = ["cycle", cycle, event];
    const answer = await this.#try(stream, argv);
    if (answer === null) {
      const shown = await this.#settled(stream, ["cycle", cycle, "--format", "json"]);
      const [known] = (
        JSON.parse(shown.out) as { readonly cycles: readonly { readonly state: string | null; readonly isComplete: boolean }[] }
      ).cycles;
      const isDone = state === null ? known?.isComplete === true : known?.state === state;
      if (!isDone) await this.#settled(stream, argv);
    } else if (answer.code !== 0) throw this.#violation(`gov ${argv.join(" ")}`, answer);
    const events = this.#of(stream).events;
    events.set(cycle, [...(events.get(cycle) ?? []), event]);
    await this.#acknowledge(stream);
  }

  async #seal(stream: string, cycle: string): Promise<void> {
    const path = `${stream}/frameworks/planning-${stream}/manifests/${cycle}-handoff_manifest.yaml`;
    const sealed = [...this.#of(stream).sealed.keys()].at(-1)?.slice(stream.length + 1);
    const seal = ["seal", cycle, ...(sealed === undefined ? [] : ["--supersedes", sealed])];
    const answer = await this.#try(stream, seal);
    // Sealed once: whoever died after it was published finds it there, whole.
    const isThere = answer === null && (await this.#team.read(path)) !== null;
    if (answer !== null && answer.code !== 0) throw this.#violation("seal", answer);
    if (answer === null && !isThere) await this.#settled(stream, seal);
    if (isThere) {
      const verified = await this.#call(stream, ["verify", path.slice(stream.length + 1)]);
      // The manifest is written first and its envelope last: sealing again completes it.
      if (verified?.code !== 0) await this.#settled(stream, seal);
    }
    this.#of(stream).sealed.set(path, await this.#require(path));
    await this.#team.commit(`Seal ${cycle}`);
    await this.#run(stream, ["verify"]);
  }

  async #tamper(stream: string, path: string): Promise<void> {
    const text = await this.#require(path);
    await this.#team.edit(path, text.replace("walking", "wa1king").replace("Walking", "Wa1king"));
    const answer = await this.#refuse(stream, ["verify"], 5);
    if (!`${answer.out}${answer.err}`.includes(path.slice(stream.length + 1)))
      throw this.#violation("verify does not name the file that was edited", answer);
    await this.#team.edit(path, text);
    await this.#settled(stream, ["verify"]);
  }

  /** A call that may die, and then is made again; it has to succeed in the end. */
  async #run(stream: string, argv: readonly string[], options: { readonly unsigned?: boolean } = {}): Promise<void> {
    const answer = await this.#try(stream, argv, options);
    if (answer === null) await this.#settled(stream, argv, options);
    else if (answer.code !== 0) throw this.#violation(`gov ${argv.join(" ")}`, answer);
    await this.#acknowledge(stream);
  }

  /** A named run, which goes on where it died; one that died after its last step is told that it has ended, as its runbook says. */
  async #finish(stream: string, argv: readonly string[]): Promise<void> {
    const first = await this.#try(stream, argv);
    const answer = first ?? (await this.#call(stream, argv));
    const hasEnded = first === null && answer?.code === 3 && answer.err.includes("MANIFEST_PLAYBOOK_FINISHED");
    if (answer?.code !== 0 && !hasEnded) throw this.#violation(`gov ${argv.join(" ")}`, answer);
    await this.#acknowledge(stream);
  }

  /** A call that has to be refused with this exit code; it may die first. */
  async #refuse(stream: string, argv: readonly string[], code: number): Promise<NonNullable<Answer>> {
    const answer = (await this.#try(stream, argv)) ?? (await this.#call(stream, argv));
    if (answer?.code !== code) throw this.#violation(`gov ${argv.join(" ")} was to be refused with ${code}`, answer);
    await this.#acknowledge(stream);
    return answer;
  }

  /** A call that nobody disturbs: it has to succeed. */
  async #settled(stream: string, argv: readonly string[], options: { readonly unsigned?: boolean } = {}): Promise<NonNullable<Answer>> {
    const answer = await this.#call(stream, argv, options);
    if (answer?.code !== 0) throw this.#violation(`gov ${argv.join(" ")}`, answer);
    return answer;
  }

  /** A call that may die; the first of each command does. */
  async #try(stream: string, argv: readonly string[], options: { readonly unsigned?: boolean } = {}): Promise<Answer> {
    const name = commandOf(argv);
    const { random, deathRate = 0.1 } = this.#options;
    const isFirst = !this.#died.has(name);
    if (!isFirst && random() >= deathRate) return this.#call(stream, argv, options);
    const answer = await this.#call(stream, argv, { ...options, dies: random() });
    if (answer === null) {
      this.#died.add(name);
      await this.#repairLog(stream);
    }
    return answer;
  }

  /** A death in the middle of an append leaves a tail that gov does not decide on: a person sees that, and has it set aside. */
  async #repairLog(stream: string): Promise<void> {
    const text = (await this.#team.read(`${stream}/${log}`)) ?? "";
    const isWhole = text === "" || (text.endsWith("\n") && text.trimEnd().split("\n").every(isJson));
    if (!isWhole) await this.#settled(stream, ["audit", "repair"], { unsigned: true });
  }

  async #call(stream: string, argv: readonly string[], options: CallOptions & { readonly unsigned?: boolean } = {}): Promise<Answer> {
    this.#calls += 1;
    this.#called.add(commandOf(argv));
    const env = options.unsigned === true ? {} : (this.#env.get(stream) ?? {});
    const answer = await this.#team.gov(stream, argv, { env, dies: options.dies });
    if (answer !== null && answer.code === 70) throw this.#violation(`gov ${argv.join(" ")} has a defect`, answer);
    await this.#look(stream);
    return answer;
  }

  /** What was acknowledged is still there. */
  async #look(stream: string): Promise<void> {
    const acknowledged = this.#of(stream);
    const text = await this.#readLog(stream);
    if (!text.startsWith(acknowledged.log)) throw this.#violation("an acknowledged entry of the log is gone or altered", null);
    for (const [path, sealed] of acknowledged.sealed)
      if ((await this.#team.read(path)) !== sealed) throw this.#violation(`the sealed manifest ${path} is gone or altered`, null);
  }

  async #acknowledge(stream: string): Promise<void> {
    this.#of(stream).log = await this.#readLog(stream);
  }

  #of(stream: string): Acknowledged {
    const found = this.#acknowledged.get(stream);
    if (found === undefined) throw new Error(`There is no stream "${stream}"`);
    return found;
  }

  async #require(path: string): Promise<string> {
    const text = await this.#team.read(path);
    if (text === null) throw this.#violation(`${path} is gone`, null);
    return text;
  }

  #violation(what: string, answer: Answer): Violation {
    const told = answer === null ? "" : `: exit ${answer.code}\n${answer.out}${answer.err}`;
    return new Violation(`After ${this.#calls} calls and ${this.#team.deaths()} deaths: ${what}${told}`);
  }
}

function changeLogOf(cycle: string): string {
  return changeLog()
    .replace(/cycle_id: .*/, `cycle_id: ${cycle}`)
    .replace("id: execution_change_log,", `id: ${cycle}-execution-change-log,`)
    .replace(/outcomes:[^]*/, `outcomes:\n  - { task_id: ${cycle}-001, evidence: [report.xml], validation: accepted }\n`);
}

/** The command that a call is of; of two names that fit, the longer. */
function commandOf(argv: readonly string[]): string {
  const names = commandTable.map(({ name }) => name).filter((name) => `${argv.join(" ")} `.startsWith(`${name} `));
  return names.sort((a, b) => b.length - a.length)[0] ?? "";
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

interface ToldEvent {
  readonly type: string;
  readonly payload: { readonly entity_id?: string; readonly metadata?: { readonly event: string } };
}

/** The events of a cycle as the log tells them, in order. */
function eventsIn(text: string, cycle: string): readonly string[] {
  const lines = text.trimEnd().split("\n");
  return lines.flatMap((line) => {
    const event = (JSON.parse(line) as { readonly payload: { readonly event?: ToldEvent } | null }).payload?.event;
    if (event?.payload.entity_id !== cycle) return [];
    if (event.type === "PLAN_CREATED") return ["create_plan"];
    if (event.type === "STATE_TRANSITION") return [event.payload.metadata?.event ?? "nothing"];
    return event.type === "cycle_complete" ? ["cycle_complete"] : [];
  });
}
