import { describe, expect, it } from "vitest";
import { importedPackages } from "../src/independence.ts";

describe("importedPackages()", () => {
  it("sees static, dynamic, re-exporting, requiring and type-only imports", () => {
    const text = `
      import a from "a/sub";
      import type { B } from "@s/b/sub";
      export { c } from "c";
      const d = () => import("d");
      const e = require("e");
      type F = import("f").F;
    `;
    expect(importedPackages(text)).toEqual(["@s/b", "a", "c", "d", "e", "f"]);
  });

  it("leaves out what comes with Node or stands in the package (CRD-03)", () => {
    expect(importedPackages('import "node:fs"; import "path"; import "fs/promises"; import "./chunk.js";')).toEqual([]);
  });
});
