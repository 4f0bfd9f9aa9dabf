import type { Check, Violation } from "../check.ts";
import { machineWords, publicHosts, registryHost } from "../data/machine-words.ts";

const own = "tooling/repo-checks/src/data/machine-words.ts";

/** Nothing in the repository is true on one machine only. */
export const noMachineWords: Check = {
  name: "machine-words",
  run: (repo) => [...repo.files].flatMap(([path, text]) => (path === own ? [] : findWords(path, text))),
};

function findWords(path: string, text: string): readonly Violation[] {
  const at = (index: number): number => text.slice(0, index).split("\n").length;
  const words = machineWords.flatMap(({ pattern, what }) =>
    [...text.matchAll(pattern)].map(({ 0: word, index }) => ({ path, line: at(index), message: `"${word}" is ${what}` })),
  );
  const hosts = [...text.matchAll(registryHost)]
    .filter(([, host = ""]) => !publicHosts.has(host))
    .map(({ 1: host = "", index }) => ({ path, line: at(index), message: `"${host}" is not the public registry` }));
  return [...words, ...hosts];
}
