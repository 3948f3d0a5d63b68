// Compares what was recorded with what has just been seen: node compare.mjs RECORDED SEEN. Exit 1, and what differs by name, when something does.
// Where the engine itself does now this and now that, it is not compared; the record has one of both.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const RACES = {
  'lost': 'whether the controller has heard of a result decides whether a Pod that was removed is an error or is made again',
  'lost-with-retries': 'the same',
  'late': 'whether the node or the controller is the first to see that a step is over its time decides its message and whether it has an exit code',
  'stopped': 'whether the Pod goes before the controller looks decides which of two messages its step has',
};

const [recorded, seen] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
let same = 0;
const differences = [];
for (const [list, items] of Object.entries(recorded)) {
  const key = (item) => [item.kind, item.name ?? item.trigger].filter(Boolean).join(' ');
  const found = new Map((seen[list] ?? []).map((item) => [key(item), JSON.stringify(item)]));
  for (const item of items) {
    if (RACES[item.name] !== undefined) continue;
    if (found.get(key(item)) === JSON.stringify(item)) same++;
    else differences.push(`${list}: ${key(item)}\n    recorded ${JSON.stringify(item)}\n    seen     ${found.get(key(item))}`);
  }
}
differences.forEach((text) => console.log(`  differs in ${text}`));
console.log(`${basename(process.argv[2])}: ${same} as recorded, ${differences.length} not`);
process.exitCode = differences.length === 0 ? 0 : 1;
