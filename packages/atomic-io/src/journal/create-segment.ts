import { join } from "node:path";
import { createFileOnce } from "../create-file-once.ts";
import type { FileSystem } from "../file-system.ts";
import type { RandomBytes } from "../temp-name.ts";
import { encodeHeader } from "./format.ts";
import { type Segment, segmentName } from "./layout.ts";

/** Creates a segment: its header is durable before it has a name, so a segment with a damaged header was never a crash. */
export async function createSegment(
  place: { readonly fs: FileSystem; readonly random: RandomBytes; readonly directory: string },
  header: Segment["header"],
): Promise<Segment> {
  const name = segmentName(header.epoch, header.firstSeq);
  const path = join(place.directory, name);
  await createFileOnce(path, encodeHeader(header), { fs: place.fs, random: place.random });
  return { name, path, header };
}
