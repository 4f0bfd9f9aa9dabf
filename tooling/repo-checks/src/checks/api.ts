import { renderApi } from "../api/render-api.ts";
import { renderReference } from "../api/render-reference.ts";
import type { Check } from "../check.ts";

/** The API reports are what the sources export, and their diff is what a reviewer reads first; the reference says what the doc comments say. */
export const api: Check = {
  name: "api",
  run: async (repo) =>
    [...(await renderApi(repo)), ...(await renderReference(repo))]
      .filter(([path, text]) => repo.files.get(path) !== text)
      .map(([path]) => ({ path, line: 1, message: "API report is stale: run `pnpm api`, read the diff, commit it" })),
};
