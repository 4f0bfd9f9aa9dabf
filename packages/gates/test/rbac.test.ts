import {
  accessDenied,
  type AccessPolicy,
  accessPolicyOf,
  type AccessRequest,
  type Actor,
  authorize,
  authorizeObserved,
  checkRbac,
  proveActor,
} from "@gov/gates/rbac";
import type { JsonValue } from "@gov/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { times } from "./proof-scale.ts";

const rbac = {
  roles: {
    viewer: { permissions: ["gate:read", "snapshot:read"] },
    lead: { permissions: ["gate:*", "waiver:approve", "snapshot:read"] },
    admin: { permissions: ["*"] },
  },
  actors: { ada: ["lead"], bob: ["viewer"], cleo: ["admin"], dan: ["ghost"], eve: [] },
};
const policy: AccessPolicy = { rbac, acls: [], requireProof: false };
const subject = { id: "W-1", path: null, authors: ["zoe"] };
const proven = (name: string): Actor => ({ name, proof: "signature" });
const may = (name: string, action: string, changes: Partial<AccessRequest> = {}, rules: Partial<AccessPolicy> = {}) =>
  authorize({ actor: proven(name), action, subject, ...changes }, { ...policy, ...rules });

describe("authorize()", () => {
  it("denies what nothing allows (GOV-12)", () => {
    expect(may("ada", "gate:run")).toEqual({ isAllowed: true, reason: "role lead permits gate:run" });
    expect(may("bob", "gate:run").reason).toBe("no role of bob permits gate:run");
    expect(may("cleo", "anything:at_all").isAllowed).toBe(true);
    for (const [name, reason] of [
      ["dan", "no role of dan permits gate:read"],
      ["eve", "eve has no role"],
      ["mallory", "mallory has no role"],
      ["__proto__", "__proto__ has no role"],
      ["constructor", "constructor has no role"],
    ] as const)
      expect(may(name, "gate:read")).toEqual({ isAllowed: false, reason });
    expect(may("ada", "gate:run", {}, { rbac: null }).reason).toBe("there is no rbac policy");
    expect(may("ada", "gates:run").isAllowed).toBe(false);
    expect(may("ada", "waiver:approve_all").isAllowed).toBe(false);
    const hostile = { ...rbac, actors: { ada: ["constructor", "toString"] } };
    expect(may("ada", "gate:run", {}, { rbac: hostile }).isAllowed).toBe(false);
  });

  it("never lets an author approve, whatever the role and the spelling (GOV-12)", () => {
    const own = { subject: { ...subject, authors: [" ADA", "Cleo"] } };
    expect(may("ada", "waiver:approve", own).reason).toBe("ada is an author of W-1");
    expect(may("cleo", "waiver:approve", own).isAllowed).toBe(false);
    expect(may("ada", "gate:run", own).isAllowed).toBe(true);
    expect(may("ada", "waiver:approve").isAllowed).toBe(true);
  });

  it("takes what is no proof for none, and a rule of every path for one (GOV-13, GOV-14)", () => {
    for (const proof of [undefined, "", "none", true]) {
      const actor = { name: "ada", proof } as unknown as Actor;
      expect(may("ada", "gate:run", { actor }, { requireProof: true }).reason).toBe("the name ada is not proven");
    }
    const acls = [{ path: "**", actions: ["gate:*"], roles: ["nobody"] }];
    expect(may("ada", "gate:run", { actor: proven("ada"), subject: { ...subject, path: "a/b" } }, { acls }).reason).toBe(
      "** is open to nobody only",
    );
  });

  it("lets an unproven name read and nothing more where proof is demanded (GOV-13)", () => {
    const unproven = { actor: { name: "ada", proof: null } };
    expect(may("ada", "gate:read", unproven, { requireProof: true }).isAllowed).toBe(true);
    expect(may("ada", "gate:run", unproven, { requireProof: true }).reason).toBe("the name ada is not proven");
    expect(may("ada", "gate:run", unproven).isAllowed).toBe(true);
    expect(may("ada", "gate:run", { actor: { name: "ada", proof: "ci" } }, { requireProof: true }).isAllowed).toBe(true);
  });

  it("keeps snapshots and metadata to the roles their rules name (GOV-14)", () => {
    const acls = [
      { path: ".gov/snapshots/**", actions: ["snapshot:*"], roles: ["lead", "admin"] },
      { path: ".gov/snapshots/s1", actions: ["snapshot:read"], roles: ["admin"] },
    ];
    const read = (name: string, path: string | null) => may(name, "snapshot:read", { subject: { ...subject, path } }, { acls });
    expect(read("bob", ".gov/snapshots/s2").reason).toBe(".gov/snapshots/** is open to lead, admin only");
    expect(read("ada", ".gov/snapshots/s2").isAllowed).toBe(true);
    expect(read("ada", ".gov/snapshots/s1").reason).toBe(".gov/snapshots/s1 is open to admin only");
    expect(read("cleo", ".gov/snapshots/s1").isAllowed).toBe(true);
    expect(read("bob", "docs/a.md").isAllowed).toBe(true);
    expect(read("bob", null).isAllowed).toBe(true);
    expect(may("bob", "gate:read", { subject: { ...subject, path: ".gov/snapshots/s1" } }, { acls }).isAllowed).toBe(true);
  });

  it("allows nothing to anybody without a permission, in any combination", () => {
    const name = fc.constantFrom("ada", "bob", "dan", "eve", "mallory");
    const action = fc.constantFrom("gate:run", "gate:read", "waiver:approve", "mode:set", "snapshot:read");
    fc.assert(
      fc.property(name, action, fc.boolean(), fc.constantFrom("ci" as const, null), (who, what, requireProof, proof) => {
        const { isAllowed } = authorize({ actor: { name: who, proof }, action: what, subject }, { ...policy, requireProof });
        const permitted =
          { ada: /^gate:|^waiver:approve$|^snapshot:read$/, bob: /^(?:gate|snapshot):read$/ }[who as "ada"]?.test(what) ?? false;
        expect(isAllowed).toBe(permitted && (!requireProof || proof !== null || what.endsWith(":read")));
      }),
      { numRuns: times(100, 2000) },
    );
  });
});

describe("authorizeObserved()", () => {
  it("makes every denial an event, also of setting a mode, and only denials (GOV-13, SCH-13)", () => {
    const events: unknown[] = [];
    const observer = { event: (name: string, fields: Readonly<Record<string, JsonValue>>) => void events.push([name, fields]) };
    const request: AccessRequest = { actor: { name: "bob", proof: null }, action: "mode:set", subject };
    expect(authorizeObserved(request, policy, { observer }).isAllowed).toBe(false);
    expect(authorizeObserved({ ...request, action: "gate:read" }, policy, { observer }).isAllowed).toBe(true);
    const payload = { actor: "bob", proof: null, action: "mode:set", subject: "W-1", reason: "no role of bob permits mode:set" };
    expect(events).toEqual([["access.denied", payload]]);
    expect(accessDenied(request, authorize(request, policy))).toEqual({ type: "ACCESS_DENIED", payload });
  });
});

describe("accessPolicyOf()", () => {
  const request = { actor: { name: "ada", proof: null }, action: "cycle:advance", subject: { id: "C-1", path: null, authors: [] } };

  it("lets everybody do everything without a policy, until enforcement blocks (GOV-12, GOV-15)", () => {
    const allowed = (mode: "solo" | "shadow" | "soft_block" | "hard_block") => authorize(request, accessPolicyOf(null, { mode })).isAllowed;
    expect([allowed("solo"), allowed("shadow"), allowed("soft_block"), allowed("hard_block")]).toEqual([true, true, false, false]);
  });

  it("denies what a policy does not allow in every mode, and demands proof where the policy does (GOV-12)", () => {
    const policy = { roles: { lead: { permissions: ["cycle:*"] } }, actors: { ada: ["lead"] } };
    for (const mode of ["solo", "hard_block"] as const) {
      expect(authorize({ ...request, actor: { name: "bob", proof: "ci" } }, accessPolicyOf(policy, { mode })).isAllowed).toBe(false);
      expect(authorize(request, accessPolicyOf(policy, { mode })).isAllowed).toBe(true);
      expect(authorize(request, accessPolicyOf({ ...policy, require_proof: true }, { mode })).reason).toBe("the name ada is not proven");
    }
  });
});

describe("proveActor()", () => {
  const verifier = {
    verify: async (credential: JsonValue) => {
      if (credential !== "key of ada") throw new Error("unknown key");
      return { person: "ada", kind: "signature" as const };
    },
  };
  const prove = (name: string, credential: JsonValue) => proveActor({ name, credential }, { verifier });

  it("proves a name only by a credential of exactly that name (GOV-13)", async () => {
    expect(await prove("ada", "key of ada")).toEqual({ name: "ada", proof: "signature" });
    expect(await prove("bob", "key of ada")).toEqual({ name: "bob", proof: null });
    expect(await prove("ada", "key of mallory")).toEqual({ name: "ada", proof: null });
  });
});

describe("checkRbac()", () => {
  it("names roles nobody defines, and permissions that are none (GOV-12)", () => {
    const odd = { roles: { lead: { permissions: ["run gates", "gate:run", "*", "gate:*"] } }, actors: { ada: ["lead", "boss"] } };
    expect(checkRbac(odd, { path: "rbac_policy.yaml" }).map(({ message }) => message)).toEqual([
      '"ada" has role "boss", which nobody defines',
      'Role "lead" has permission "run gates", which is no area and verb',
    ]);
    expect(checkRbac({ ...rbac, actors: {} }, { path: "rbac_policy.yaml" })).toEqual([]);
  });
});
