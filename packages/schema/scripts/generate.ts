import { mkdir, writeFile } from "node:fs/promises";
import { generatedFiles } from "./generated-files.ts";

const folder = new URL("../src/", import.meta.url);
await mkdir(new URL("json/", folder), { recursive: true });
for (const [path, text] of generatedFiles()) await writeFile(new URL(path, folder), text);
