import { makeFinding } from "../internal/make-finding.ts";
import { misconfigured, optionOf, verdictOf } from "../internal/verdict.ts";
import type { Validator } from "./validator.ts";

const sections: readonly unknown[] = ["backbone", "walking_skeleton", "release"];
// The backbone names activities of the user; what is built for them stands in the other sections (ART-08).
const defaultSections: readonly unknown[] = ["walking_skeleton", "release"];

/**
 * `story_parity {sections?}`: every story of the map has a task that links to it, and every link leads to a node of the map (GAT-16).
 * `sections` says which parts of the map hold stories; by default the walking skeleton and the releases. A map without any fails.
 */
export const storyParity: Validator = {
  type: "story_parity",
  options: ["sections"],
  needs: () => ["backlog", "storyMap"],
  evaluate: (config, evidence) => {
    const chosen = optionOf(config, { name: "sections", fallback: defaultSections });
    if (!Array.isArray(chosen) || chosen.length === 0 || !chosen.every((section) => sections.includes(section))) {
      return misconfigured(config, `sections must be a list of ${sections.join(", ")}`);
    }
    const nodes = evidence.parts.storyMap?.value ?? [];
    const stories = nodes.filter(({ section }) => chosen.includes(section));
    if (stories.length === 0)
      return verdictOf([makeFinding("GATES_EVIDENCE_EMPTY", "Cannot compare stories and tasks: the story map has no story")]);
    const tasks = evidence.parts.backlog?.value ?? [];
    const linked = new Set(tasks.flatMap(({ storyNodes }) => storyNodes));
    const known = new Set(nodes.map(({ id }) => id));
    return verdictOf([
      ...stories
        .filter(({ id }) => !linked.has(id))
        .map((story) => makeFinding("GATES_STORY_WITHOUT_TASK", `Story "${story.id}" (${story.text}) has no task`, story)),
      ...tasks.flatMap((task) =>
        task.storyNodes
          .filter((id) => !known.has(id))
          .map((id) => makeFinding("GATES_STORY_UNKNOWN", `Task "${task.id}" links to "${id}", which the story map does not have`, task)),
      ),
    ]);
  },
};
