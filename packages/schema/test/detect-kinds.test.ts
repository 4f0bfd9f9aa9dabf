import { detectKinds, parseGovConfig } from "@gov/schema";
import { describe, expect, it } from "vitest";

const document = (path: string, text = "# Title\n") => ({ path, bytes: new TextEncoder().encode(text) });

describe("detectKinds()", () => {
  it("recognises decisions, proposals, skills, rule files and pages by where they stand (IDX-15)", () => {
    const found = detectKinds([
      document("docs/adr/0001-log.md", "---\nstatus: Accepted\n---\n"),
      document("docs/adr/0002-queue.md", "---\nstatus: in review\ntitle: Queue\n---\n"),
      document("docs/adr/0003-cache.md", "---\nstatus: odd word\n---\n"),
      document("docs/adr/README.md"),
      document("rfcs/0001/text.md"),
      document("rfcs/0002/text.md"),
      document("skills/review/SKILL.md", "---\nname: review\n---\n"),
      document(".cursor/rules/style.mdc", "---\nglobs: *.ts\n---\n"),
      document("keps/sig-a/1-x/kep.yaml", "title: X\nstatus: implemented\n"),
      document("docs/guide/start.mdx", "---\ntitle: Start\n---\n"),
      document("src/notes.md"),
    ]);
    expect(found.map(({ name, documents }) => [name, documents])).toEqual([
      ["skill", 1],
      ["kep", 1],
      ["cursor_rule", 1],
      ["adr", 3],
      ["rfc", 2],
      ["page", 1],
    ]);
    const [, , rule, adr, rfc] = found;
    expect(adr?.config).toMatchObject({
      include: ["docs/adr/**/*.md"],
      front_matter: "auto",
      fields: { id: { path: "stem" }, status: "/status", title: "/title" },
      statuses: { Accepted: "approved", "in review": "review", "odd word": "draft" },
    });
    expect(rfc?.config["fields"]).toEqual({ id: { path: "path" } });
    expect(rule?.config).toMatchObject({ include: [".cursor/rules/*.mdc"], front_matter: "line" });
  });

  it("leaves out documents that say their kind themselves, and gives a configuration that can be read", () => {
    expect(detectKinds([document("rules/hydration_rules.mdc", "---\nkind: hydration_rules\n---\n")])).toEqual([]);
    const [kind] = detectKinds([document("we[i]rd/adr/1.md", "---\nstatus: [\n---\n")]);
    const text = JSON.stringify({ version: 1, kinds: { [String(kind?.name)]: kind?.config } });
    expect(parseGovConfig({ path: "gov.yaml", bytes: new TextEncoder().encode(text) }).ok).toBe(true);
  });
});
