import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as root from "@gov/index-writer";
import * as bridge from "@gov/index-writer/bridge";
import * as nats from "@gov/index-writer/nats";
import * as postgres from "@gov/index-writer/postgres";
import * as verification from "@gov/index-writer/verification";
import * as testing from "@gov/index-writer/testing";
import { describe, expect, it } from "vitest";

describe("the public names", () => {
  it("are exactly these", () => {
    expect(Object.keys(root).sort()).toEqual([
      "IndexError",
      "applyBackfill",
      "indexDigest",
      "indexErrorCodes",
      "indexFindingCodes",
      "indexFormat",
      "indexVersion",
      "isIndexError",
      "openCachedHistory",
      "openFileStore",
      "openGitHistory",
      "openIndex",
      "openSharedIndex",
      "openStatCache",
      "openStoreWriter",
      "parseIndex",
      "planBackfill",
      "planIndexChanges",
      "readFileBounded",
      "readIndex",
      "rebuildIndex",
      "recoverySteps",
      "refreshIndex",
      "renderBackfillReport",
      "renderIndex",
      "scanContents",
      "scanFiles",
      "toIndexRecord",
    ]);
  });

  it("of the bridge are exactly these", () => {
    expect(Object.keys(bridge).sort()).toEqual(["backoffDelay", "createCircuitBreaker", "openBridge", "readBridge"]);
  });

  it("of the transports, the database and the suite are exactly these", () => {
    expect(Object.keys(nats).sort()).toEqual(["openNatsClient", "serveStore"]);
    expect(Object.keys(postgres).sort()).toEqual(["openPostgresStore", "storeTablesSql"]);
    expect(Object.keys(verification).sort()).toEqual(["defaultVerticals", "openVerification", "verificationStatuses"]);
    expect(Object.keys(testing).sort()).toEqual(["indexStoreConformance"]);
  });
});

describe("IndexError", () => {
  it("carries name, code, details, hint and cause, and is known by name and code", () => {
    const cause = new Error("cause");
    const error = new root.IndexError("INDEX_CORRUPT", "Cannot read", { cause, hint: "look", details: { path: "a" } });
    expect(error).toMatchObject({ name: "IndexError", code: "INDEX_CORRUPT", details: { path: "a" }, hint: "look", cause });
    expect(root.isIndexError(error)).toBe(true);
    expect(root.isIndexError(Object.assign(new Error("copy"), { name: "IndexError", code: "INDEX_STALE" }))).toBe(true);
    expect([new Error("x"), Object.assign(new Error("x"), { name: "IndexError", code: "OTHER" }), null].some(root.isIndexError)).toBe(
      false,
    );
  });

  it("has every code, and every code of a finding, in the tables of the README", () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const listed = [...readme.matchAll(/^\| `(INDEX_\w+)`/gm)].map(([, code]) => code);
    expect(listed).toEqual([...root.indexErrorCodes, ...root.indexFindingCodes]);
  });
});

describe("toIndexRecord()", () => {
  it("keeps what follows from path and bytes", () => {
    const digest = `sha256:${"0".repeat(64)}` as const;
    const owners = ["team"];
    const record = root.toIndexRecord({
      path: "a.md",
      kind: "plan",
      format: "markdown",
      id: "a",
      version: null,
      status: "review",
      title: "A",
      owners,
      tags: [
        { key: "Risk", value: "Low" },
        { key: "Critical", value: null },
      ],
      references: [],
      data: {},
      body: "text",
      digest,
      size: 4,
    });
    expect(record).toEqual({
      path: "a.md",
      id: "a",
      kind: "plan",
      version: null,
      status: "review",
      title: "A",
      owners: ["team"],
      tags: ["Risk:Low", "Critical"],
      digest,
      size: 4,
    });
    expect(record.owners).not.toBe(owners);
  });
});
