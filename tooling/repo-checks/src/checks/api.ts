import { renderApi } from "../api/render-api.ts";
import type { Check } from "../check.ts";

/** The API reports are what the sources export; their diff is what a reviewer reads first. */
export const api: Check = {
  name: "api",
  run: async (repo) =>
    [...(await renderApi(repo))]
      .filter(([path, text]) => repo.files.get(path) !== text)
      .map(([path]) => ({ path, line: 1, message: "API report is stale: run `pnpm api`, read the diff, commit it" })),
};
