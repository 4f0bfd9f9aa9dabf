import type { Check, Violation } from "../check.ts";
import type { Repo } from "../repo.ts";

const page = /^docs\/formats\/[^/]+\.md$/;
const named = /`((?:packages|apps)\/[a-z-]+)\/test\/fixtures\/([^`\s]+)`/g;

/** A format on disk names golden files that are there, and a test of their package reads them: what was written once is read for ever. */
export const formats: Check = {
  name: "formats",
  run: (repo) => [...repo.files].filter(([path]) => page.test(path)).flatMap(([path, text]) => goldenProblems(repo, path, text)),
};

function goldenProblems(repo: Repo, path: string, text: string): readonly Violation[] {
  const goldens = [...text.matchAll(named)];
  if (goldens.length === 0)
    return [
      {
        path,
        line: 1,
        message: "No golden file is named: keep one that the present code wrote, and say where it is, `packages/…/test/fixtures/…`",
      },
    ];
  return goldens.flatMap(({ 1: folder = "", 2: place = "", index }) => {
    const line = text.slice(0, index).split("\n").length;
    const whole = `${folder}/test/fixtures/${place.replace(/\/$/, "")}`;
    const paths = [...repo.files.keys()];
    if (!paths.some((file) => file === whole || file.startsWith(`${whole}/`)))
      return [{ path, line, message: `Golden file "${whole}" is not there` }];
    const [first = ""] = place.split("/");
    const isRead = paths.some(
      (file) => file.startsWith(`${folder}/test/`) && file.endsWith(".test.ts") && repo.files.get(file)?.includes(first) === true,
    );
    return isRead ? [] : [{ path, line, message: `No test of ${folder} reads "${whole}"` }];
  });
}
