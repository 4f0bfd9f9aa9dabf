// Runs an action and kills itself at a call of the file system: before it for even numbers, while it is under way for odd ones. Prints how many calls there were.
import process from "node:process";
import { nodeFileSystem } from "@gov/atomic-io";
import { run } from "./disk-promotion.ts";

const [directory, action, point] = process.argv.slice(2);
let calls = 0;
const counted = (target) =>
  new Proxy(target, {
    get(owner, key) {
      const member = owner[key];
      if (typeof member !== "function") return member;
      return (...given) => {
        calls++;
        if (calls === Number(point) && calls % 2 === 0) process.kill(process.pid, "SIGKILL");
        const result = member.apply(owner, given);
        if (calls === Number(point)) process.kill(process.pid, "SIGKILL");
        return result instanceof Promise ? result.then((value) => (typeof value?.close === "function" ? counted(value) : value)) : result;
      };
    },
  });
await run(directory, action, counted(nodeFileSystem));
process.stdout.write(String(calls));
