import { z } from "zod";
import { idV1, schemaNameV1 } from "./document-text.ts";

/** A parsed `story_map.md` as JSON: its epics and nodes, each with the line it was read from (ART-08). */
export const storyMapV1 = z.strictObject({
  $schema: schemaNameV1.optional(),
  title: z.string().nullable(),
  epics: z.array(z.strictObject({ title: z.string().min(1), line: z.int().min(1) })),
  nodes: z.array(
    z.strictObject({
      id: idV1,
      text: z.string().min(1),
      epic: z.string().nullable(),
      section: z.enum(["backbone", "walking_skeleton", "release"]),
      release: z.string().nullable(),
      line: z.int().min(1),
    }),
  ),
});
