import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import lighthouse from "lighthouse";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dashboard } from "../src/serve/open-dashboard.ts";
import { cycle, governed } from "./governed.ts";
import { folder, gov, write } from "./harness.ts";
import { serveRoot } from "./served.ts";

const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
const isRequired = (process.env["GOV_TEST_REQUIRE"] ?? "").split(",").includes("browser");
if (executablePath === undefined && isRequired) throw new Error("Cannot test in a browser: install chromium");

describe.skipIf(executablePath === undefined)("the dashboard in a browser", () => {
  let dashboard: Dashboard;
  let browser: BrowserContext;
  let page: Page;
  let root: string;
  let debuggingPort: number;
  const profile = mkdtempSync(join(tmpdir(), "gov-browser-"));
  const asked: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    // Folders of a test are gone after it; this one stays for all of them.
    root = join(profile, "root");
    cpSync(governed(), root, { recursive: true });
    await gov(root, "cycle", cycle, "create_plan", "--actor", "ann");
    for (let index = 0; index < 20; index += 1) write(root, `frameworks/broken-${index}.yaml`, "id: [\n");
    dashboard = await serveRoot(root);
    debuggingPort = await freePort();
    browser = await chromium.launchPersistentContext(join(profile, "browser"), {
      ...(executablePath !== undefined && { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        `--remote-debugging-port=${debuggingPort}`,
      ],
    });
    page = await browser.newPage();
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(dashboard.url);
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await dashboard?.[Symbol.asyncDispose]();
    rmSync(profile, { recursive: true, force: true });
  });

  it("asks nobody else for anything, and has nothing to complain about", () => {
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((url) => !url.startsWith(dashboard.url))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("is read by its landmarks and headings, and says passed and failed in words", async () => {
    expect(await page.getByRole("navigation", { name: "Sections" }).getByRole("link").count()).toBeGreaterThan(8);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("docs");
    expect(await page.getByRole("main").getByRole("heading", { level: 2 }).count()).toBeGreaterThan(8);
    expect(await page.getByRole("link", { name: "failed: Documents" }).count()).toBe(1);
    expect(await page.locator("[aria-current=step]").textContent()).toBe("PLANNED");
  });

  it("is used by keyboard: the first stop skips to the content, and every section is reached", async () => {
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    // The key is acknowledged before the page has moved.
    await page.waitForURL((url) => url.hash === "#cycles");
  });

  it("filters long tables, and says how many rows are left", async () => {
    const filter = page.getByRole("searchbox").first();
    await filter.fill("broken-1");
    const documents = page.locator("#documents");
    expect(await documents.locator("tbody tr:visible").count()).toBe(11);
    expect(await documents.getByRole("status").textContent()).toBe("11 of 20");
    await filter.fill("");
  });

  it.each(["light", "dark"] as const)("has text with contrast, fits a phone and never scrolls sideways, in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    }
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground).toBe(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 23, 27)");
  });

  it("scores at least 95 for accessibility and best practices in Lighthouse", async () => {
    const run = await lighthouse(dashboard.url, {
      port: debuggingPort,
      onlyCategories: ["accessibility", "best-practices"],
      logLevel: "error",
    });
    const { categories = {}, audits = {} } = run?.lhr ?? {};
    const failing = Object.values(audits).flatMap(({ id, score }) => (score !== null && score < 1 ? [id] : []));
    for (const name of ["accessibility", "best-practices"])
      expect(categories[name]?.score ?? 0, `${name}: ${failing.join(", ")}`).toBeGreaterThanOrEqual(0.95);
  });

  it("is as good as one file from the disk, without a server", async () => {
    const { out } = await gov(root, "report", "--html");
    const file = folder({ "report.html": out });
    asked.length = 0;
    complaints.length = 0;
    await page.goto(pathToFileURL(join(file, "report.html")).href);
    expect(complaints).toEqual([]);
    expect(await page.getByRole("searchbox").count()).toBe(1);
    expect(await page.evaluate("getComputedStyle(document.querySelector('nav')).gridArea")).toContain("nav");
    expect(asked).toHaveLength(1);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}
