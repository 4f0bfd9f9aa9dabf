import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { main } from "../src/main.ts";
import { folder, worldIn, write } from "./harness.ts";

const page = (id: string) => `---\nid: ${id}\nversion: 1.0.0\nstatus: draft\nkind: artifact\n---\n`;

describe("gov watch", () => {
  it("checks again when a file is changed, made in a new folder or removed, and ends when it is stopped", async () => {
    const root = folder({ "gov.yaml": "version: 1\n", "a.md": page("a"), ".gov/.gitignore": "*\n" });
    let told = "";
    let stop = (): void => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    const world = { ...worldIn(root), untilStopped: () => stopped, lockWaitMs: 0 };
    const terminal = {
      out: (text: string) => (told += text),
      err: (text: string) => (told += text),
      colour: false,
      isWatched: false,
      columns: 80,
    };
    const run = main(["watch"], { version: "0", world: () => world }, terminal);
    const until = async (text: string) => {
      for (let tries = 0; !told.includes(text); tries++) {
        if (tries > 400) throw new Error(`Never told "${text}", but: ${told}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    };
    await until("1 files read, 1 artifacts: 0 errors");
    write(root, "a.md", "---\nid: [\n---\n");
    await until("1 files read, 0 artifacts: 1 errors");
    write(root, "new/folder/b.md", page("b"));
    await until("2 files read");
    write(root, "new/folder/b.md", page("b").replace("draft", "nonsense"));
    await until("2 errors");
    write(root, "gov.yaml", "version: [\n");
    await until("CLI_CONFIGURATION_INVALID");
    write(root, "gov.yaml", "version: 1\n");
    rmSync(join(root, "a.md"));
    rmSync(join(root, "new"), { recursive: true });
    await until("0 files read");
    stop();
    expect(await run).toBe(0);
    expect(told).toMatch(/Checked \d+ times/);
  });
});
