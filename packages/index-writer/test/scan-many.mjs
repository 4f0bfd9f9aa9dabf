// A process with little memory that scans a tree, says what it found and how much memory it came to.
import process from "node:process";
import { scanContents } from "@gov/index-writer";

const { files, findings, hashed, reused } = await scanContents(process.argv[2], { maxBytes: 1 << 26 });
process.stdout.write(
  JSON.stringify({ files: files.length, findings: findings.length, hashed, reused, rssBytes: process.resourceUsage().maxRSS * 1024 }),
);
