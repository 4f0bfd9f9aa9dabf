import { posix } from "node:path";
import type { Check, Violation } from "../check.ts";
import type { Repo } from "../repo.ts";

const ours = /^(?:[^/]+|(?:docs|packages|apps|tooling|\.github)\/.*)\.md$/;

/** A link from one document to another leads somewhere. */
export const links: Check = {
  name: "links",
  run: (repo) => {
    const folders = new Set([...repo.files.keys()].flatMap(parents));
    return [...repo.files]
      .filter(([path]) => ours.test(path) && !path.includes("/fixtures/"))
      .flatMap((file) => findLinks(repo, folders, file));
  },
};

function findLinks(repo: Repo, folders: ReadonlySet<string>, [path, text]: readonly [string, string]): readonly Violation[] {
  const prose = text.replace(/^(`{3,})[\s\S]*?^\1 *$|`[^`\n]*`/gm, (code) => code.replace(/[^\n]/g, " "));
  return [...prose.matchAll(/\]\(<?([^)\s>#]*)(?:#[^)]*)?>?\)/g)].flatMap(({ 1: link = "", index }) => {
    if (link === "" || /^[a-z][a-z+.-]*:/i.test(link)) return [];
    const target = posix.join(posix.dirname(path), decodeURIComponent(link)).replace(/\/$/, "");
    if (repo.files.has(target) || folders.has(target)) return [];
    return [{ path, line: prose.slice(0, index).split("\n").length, message: `Link to "${link}" leads nowhere` }];
  });
}

function parents(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === "." ? ["."] : [folder, ...parents(folder)];
}
