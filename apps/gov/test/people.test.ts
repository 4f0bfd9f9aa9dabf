import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type FileSystem, nodeFileSystem } from "@gov/atomic-io";
import { nodeGit } from "../src/node-git.ts";
import { describe, expect, it } from "vitest";
import { advance, cycle, governed, places, rbacPolicy, toPackaged } from "./governed.ts";
import { commit, folder, gov, govWith, listing, type Run, write } from "./harness.ts";

/** A root with a trust policy for ann, and her key outside of it. */
async function withKey(): Promise<{ readonly root: string; readonly keys: string; readonly key: string }> {
  const root = governed();
  const keys = folder();
  const key = join(keys, "ann.pem");
  const made = await gov(root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
  expect([made.code, made.err]).toEqual([0, ""]);
  return { root, keys, key };
}

const lastEntry = (root: string) => JSON.parse(readFileSync(join(root, places.log), "utf8").trimEnd().split("\n").at(-1) ?? "") as object;
const as = (key: string, root: string, ...argv: string[]): Promise<Run> => govWith({ env: { GOV_SIGNING_KEY: key } }, root, ...argv);

describe("gov key", () => {
  it("keeps the private half outside the root, readable by its owner alone, and writes the public half beside it (NFR-04)", async () => {
    const { root, key } = await withKey();
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(`${key}.pub`, "utf8")).toContain("BEGIN PUBLIC KEY");
    const inside = await gov(root, "key", "new", "keys/ann.pem", "--person", "ann", "--role", "planning_lead");
    expect([inside.code, inside.err.includes("CLI_KEY_INSIDE_ROOT")]).toEqual([3, true]);
  });

  it("adds keys to a policy and leaves the rest of the file as it stands; a second time changes nothing", async () => {
    const { root, keys, key } = await withKey();
    write(root, "trust_policy.yaml", `# ours\n${readFileSync(join(root, "trust_policy.yaml"), "utf8")}`);
    expect((await gov(root, "key", "new", join(keys, "bob.pem"), "--person", "bob", "--role", "approver")).code).toBe(0);
    const before = readFileSync(join(root, "trust_policy.yaml"), "utf8");
    const trust = ["key", "trust", `${join(keys, "bob.pem")}.pub`, "--person", "bob", "--role", "approver"];
    expect((await gov(root, ...trust)).out).toContain("is trusted from now on");
    const after = readFileSync(join(root, "trust_policy.yaml"), "utf8");
    expect(after.startsWith(before.trimEnd())).toBe(true);
    expect((await gov(root, ...trust)).out).toContain("is trusted already");
    expect(readFileSync(join(root, "trust_policy.yaml"), "utf8")).toBe(after);
    expect((await gov(root, "key", "list", "--format", "json")).json()["keys"]).toMatchObject([{ person: "ann" }, { person: "bob" }]);
    const stdin = async () => readFileSync(`${key}.pub`);
    expect((await govWith({ stdin }, root, "key", "trust", "-", "--person", "ann", "--role", "planning_lead")).out).toContain("already");
    const secret = await gov(root, "key", "trust", key, "--person", "ann", "--role", "planning_lead");
    expect([secret.code, secret.err.includes("CLI_KEY_PRIVATE")]).toEqual([3, true]);
  });

  it("rotates: the old key no longer acts or signs, the new one does, and what was sealed before still verifies", async () => {
    const { root, keys, key } = await withKey();
    commit(root);
    await advance(root, ...toPackaged);
    expect((await as(key, root, "seal", cycle)).code).toBe(0);
    const next = join(keys, "next.pem");
    expect((await gov(root, "key", "rotate", next, "--person", "ann")).code).toBe(0);
    const old = await as(key, root, "cycle", "PLN-BE-2026-02", "create_plan");
    expect([old.code, old.err.includes("CLI_KEY_UNTRUSTED")]).toEqual([3, true]);
    expect((await as(next, root, "cycle", "PLN-BE-2026-02", "create_plan")).code).toBe(0);
    expect(lastEntry(root)).toMatchObject({ actor: "ann" });
    const sealedAt = ["verify", "--as-of", "2026-11-21T08:59:59Z"];
    expect((await gov(root, ...sealedAt)).out).toContain("sealed by ann (planning_lead)");
    expect((await gov(root, "key", "rotate", join(keys, "x.pem"), "--person", "eve")).err).toContain("CLI_KEY_UNKNOWN");
  });
});

describe("gov key new", () => {
  it("leaves no key behind when its public half or the policy cannot be written, and says what to do (SCH-11)", async () => {
    const [root, keys] = [governed(), folder()];
    const key = join(keys, "ann.pem");
    const make = (fs: FileSystem = nodeFileSystem) =>
      govWith({ fs }, root, "key", "new", key, "--person", "ann", "--role", "planning_lead", "--policy", "trust_policy.yaml");
    const shut = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES", syscall: "open" });
    const link: FileSystem["link"] = (from, to) =>
      to.endsWith("trust_policy.yaml") ? Promise.reject(shut) : nodeFileSystem.link(from, to);
    const refused = await make({ ...nodeFileSystem, link });
    expect([refused.code, refused.err, readdirSync(keys)]).toEqual([4, expect.stringContaining("→ allow this user to read and write"), []]);
    write(keys, "ann.pem.pub", "somebody's");
    const taken = await make();
    expect([taken.code, taken.err.includes("CLI_FILE_EXISTS"), readdirSync(keys)]).toEqual([3, true, ["ann.pem.pub"]]);
    rmSync(join(keys, "ann.pem.pub"));
    expect(await make()).toMatchObject({ code: 0, err: "" });
  });
});

describe("who acts", () => {
  it("is the person of the signing key, proven; without one the address that git knows, marked unverified (GOV-12)", async () => {
    const { root, key } = await withKey();
    expect((await gov(root, "cycle", cycle, "create_plan")).code).toBe(0);
    expect(lastEntry(root)).toMatchObject({ actor: "unverified:test@example.org" });
    for (const value of [key, readFileSync(key, "utf8")]) {
      expect((await as(value, root, "cycle", cycle, "update_plan")).code).toBe(0);
      expect(lastEntry(root)).toMatchObject({ actor: "ann" });
    }
    expect((await as(key, root, "cycle", cycle, "update_plan", "--actor", "test@example.org")).code).toBe(0);
    expect(lastEntry(root)).toMatchObject({ actor: "unverified:test@example.org" });
  });

  it("has a name that the log takes, or nothing is done: none is empty, and none goes on for ever (GOV-12)", async () => {
    const { root, key } = await withKey();
    for (const name of ["", " ", "a".repeat(246)]) {
      for (const run of [
        await gov(root, "cycle", cycle, "create_plan", "--actor", name),
        await as(key, root, "cycle", cycle, "create_plan", "--actor", name),
        await govWith({ git: { ...nodeGit, userEmail: async () => name } }, root, "cycle", cycle, "create_plan"),
      ])
        expect([run.code, run.err]).toEqual([2, expect.stringContaining("Cannot record who acts: a name has 1 to 245 characters")]);
    }
    expect(existsSync(join(root, places.log))).toBe(false);
    write(root, "rbac_policy.yaml", rbacPolicy("a".repeat(245)));
    expect((await gov(root, "cycle", cycle, "create_plan", "--actor", "a".repeat(245))).code).toBe(0);
    // What a denial would record is out of bounds as well.
    const denied = await gov(root, "promotion", "unfreeze", "x".repeat(1025), "--actor", "mallory");
    expect([denied.code, denied.err]).toEqual([3, expect.stringContaining("CLI_NOT_RECORDABLE")]);
  });

  it("is enough only when proven where the policy demands it", async () => {
    const { root, key } = await withKey();
    write(root, "rbac_policy.yaml", `${rbacPolicy("ann")}require_proof: true\n`);
    expect((await gov(root, "cycle", cycle, "create_plan", "--actor", "ann")).code).toBe(6);
    expect((await as(key, root, "cycle", cycle, "create_plan")).code).toBe(0);
  });

  it("is nobody with a key that is exposed, inside the root, unknown or no key at all: nothing falls back to a name", async () => {
    const { root, keys, key } = await withKey();
    const refused = async (value: string, code: string) => {
      const run = await as(value, root, "cycle", cycle, "create_plan");
      expect([value, run.code, run.err.includes(code)]).toEqual([value, 3, true]);
    };
    const exposed = join(keys, "exposed.pem");
    copyFileSync(key, exposed);
    chmodSync(exposed, 0o644);
    await refused(exposed, "CLI_KEY_EXPOSED");
    copyFileSync(key, join(root, "ann.pem"));
    await refused(join(root, "ann.pem"), "CLI_KEY_INSIDE_ROOT");
    await gov(root, "key", "new", join(keys, "eve.pem"), "--person", "eve", "--role", "planning_lead");
    await refused(join(keys, "eve.pem"), "CLI_KEY_UNTRUSTED");
    await refused(join(keys, "gone.pem"), "CLI_KEY_UNREADABLE");
    await refused(join(root, "gov.yaml"), "CLI_KEY_INSIDE_ROOT");
    write(keys, "none.pem", "no key");
    chmodSync(join(keys, "none.pem"), 0o600);
    await refused(join(keys, "none.pem"), "MANIFEST_KEY_REFUSED");
  });
});

describe("gov approve", () => {
  it("appends no approval in a role that rbac_policy.yaml does not give to who approves (GOV-03, B-45)", async () => {
    const { root, key } = await withKey();
    const run = await as(key, root, "approve", places.storyMap, "--role", "review_board");
    expect([run.code, run.out.includes('ann does not have the role "review_board"')]).toEqual([1, true]);
    expect((await as(key, root, "approve", places.storyMap, "--role", "maintainer")).code).toBe(0);
  });

  it("appends an approval of exactly the bytes, once, and never edits the document", async () => {
    const { root, key } = await withKey();
    const before = listing(root).filter((line) => line.includes(places.storyMap));
    const run = await as(key, root, "approve", places.storyMap);
    expect([run.code, run.out.includes(`ann (maintainer) approved ${places.storyMap}, sha256:`)]).toEqual([0, true]);
    expect(lastEntry(root)).toMatchObject({ kind: "APPROVAL_GIVEN", actor: "ann", subject: `${cycle}-story-map` });
    expect((await as(key, root, "approve", places.storyMap)).out).toContain("had approved");
    expect((await gov(root, "audit", "verify")).out).toContain("1 entry");
    expect(listing(root).filter((line) => line.includes(places.storyMap))).toEqual(before);
    expect((await gov(root, "explain", places.storyMap)).out).toContain("approved by ann (maintainer)");
    write(root, places.storyMap, `${readFileSync(join(root, places.storyMap), "utf8")}\nOne more line.\n`);
    expect((await gov(root, "explain", places.storyMap)).out).not.toContain("approved by");
  });

  it("counts and proves people who are called by their mail address, which stays in the log where it says who and nowhere else (B-45, GOV-17)", async () => {
    const root = governed();
    const keys = folder();
    const [ann, bob] = ["ann@example.org", "bob@example.org"] as const;
    write(root, "rbac_policy.yaml", rbacPolicy("test@example.org", ann, bob));
    commit(root);
    const keyOf = async (person: string): Promise<string> => {
      const key = join(keys, `${person}.pem`);
      expect(
        (await gov(root, "key", "new", key, "--person", person, "--role", "planning_lead", "--policy", "trust_policy.yaml")).code,
      ).toBe(0);
      return key;
    };
    const anns = await keyOf(ann);
    expect((await as(anns, root, "approve", places.storyMap)).out).toContain(`${ann} (maintainer) approved`);
    expect((await as(anns, root, "approve", places.storyMap)).out).toContain("had approved");
    expect((await gov(root, "approve", places.storyMap, "--actor", bob)).out).toContain(`${bob} (maintainer, unverified) approved`);
    const { out } = await gov(root, "explain", places.storyMap);
    expect(out.match(/approved by .*/g)).toEqual([
      `approved by ${ann} (maintainer), for the review`,
      `approved by ${bob} (maintainer), for the review, unverified`,
    ]);
    const said = ["--reason", "Ask eve@example.org", "--ticket", "T-1", "--requested-by", bob, "--expires", "2026-12-01"];
    const granted = await as(anns, root, "waiver", "grant", "GATES_COVERAGE_LOW", "--path", places.coverage, ...said);
    expect([granted.code, (await gov(root, "waiver", "list")).out]).toEqual([0, expect.stringMatching(/W-1 +in force/)]);
    const log = readFileSync(join(root, places.log), "utf8");
    expect([log.includes("eve@example.org"), log.includes("Ask [redacted:email]"), log.match(/\[redacted/g)?.length]).toEqual([
      false,
      true,
      1,
    ]);
  });

  it("refuses an approval of which the log would redact a part, before anything is signed (B-45, GOV-17)", async () => {
    const { root, key } = await withKey();
    const secret = `ghp_${"aB3".repeat(12)}`;
    const refused = async (document: string, ...more: readonly string[]): Promise<readonly (readonly string[])[]> => {
      const run = await as(key, root, "approve", document, ...more, "--format", "json");
      expect([run.code, run.out.includes("eve@example.org"), run.out.includes(secret)]).toEqual([1, false, false]);
      expect((await as(key, root, "approve", document, ...more, "--dry-run")).code).toBe(1);
      return (run.json()["findings"] as { readonly code: string; readonly message: string; readonly hint: string }[]).map(
        ({ code, message, hint }) => [code, /the (\w+) to/.exec(message)?.[1] ?? "", hint],
      );
    };
    const text = readFileSync(join(root, places.storyMap), "utf8");
    const mine = places.storyMap.replace(/[^/]+$/, "eve@example.org.md");
    expect(await refused(places.storyMap, "--purpose", "for eve@example.org", "--role", secret)).toEqual([
      ["CLI_APPROVAL_REDACTED", "role", expect.stringContaining("choose another role")],
      ["CLI_APPROVAL_REDACTED", "purpose", expect.stringContaining("choose another purpose")],
    ]);
    write(root, mine, text.replace(`${cycle}-story-map`, `${cycle}-other-map`));
    const found = await as(key, root, "approve", mine, "--format", "json");
    expect([found.code, found.json()["findings"]]).toMatchObject([
      1,
      [{ code: "CLI_APPROVAL_REDACTED", hint: expect.stringContaining("move") }],
    ]);
    expect((await gov(root, "audit", "verify")).out).not.toContain("entr");
    expect((await as(key, root, "approve", places.storyMap)).code).toBe(0);
  });

  it("refuses bytes that do not say approved, and denies it to their author", async () => {
    const root = governed();
    write(root, places.storyMap, readFileSync(join(root, places.storyMap), "utf8").replace("status: approved", "status: review"));
    const run = await gov(root, "approve", places.storyMap, "--actor", "ann");
    expect([run.code, run.out.includes("GATES_APPROVAL_REFUSED")]).toEqual([1, true]);
    const own = await gov(root, "approve", places.backlog);
    expect([own.code, own.err.includes("is an author of")]).toEqual([6, true]);
    expect((await gov(root, "approve", "nothing")).err).toContain("CLI_UNKNOWN_ARTIFACT");
    expect(await nodeGit.authors(root, places.backlog)).toEqual(["test@example.org"]);
  });
});
