import { expect, it } from "vitest";
import { scanMany } from "./scan-many.ts";

it("scanContents() keeps its memory bounded, however large the files are (NFR-02)", async () => {
  for (const each of await scanMany(4_000, 64)) {
    expect(each).toMatchObject({ files: 4_004, findings: 0 });
    // 160 MB of content pass through; what stays is the program and a line a file.
    expect(each.rssBytes).toBeLessThan(400e6);
  }
});
