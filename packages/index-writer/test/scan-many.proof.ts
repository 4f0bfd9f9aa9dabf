import { expect, it } from "vitest";
import { scanMany } from "./scan-many.ts";

it("memory stays bounded while 200,000 files are scanned", async () => {
  const [first, second] = await scanMany(200_000, 256);
  console.info(`200,004 files: ${(first.rssBytes / 1e6).toFixed(0)} MB, again ${(second.rssBytes / 1e6).toFixed(0)} MB`);
  for (const each of [first, second]) {
    expect(each).toMatchObject({ files: 200_004, findings: 0 });
    expect(each.rssBytes).toBeLessThan(600e6);
  }
});
