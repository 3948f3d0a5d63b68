// What a script must undo however it ends: well, by an error, or by a signal.
const undoing = [];
let ended = false;

/** Undone last first; must be synchronous, since nothing waits any more when a script ends. */
export const onEnd = (undo) => undoing.push(undo);

function end() {
  if (ended) return;
  ended = true;
  for (const undo of undoing.reverse()) {
    try {
      undo();
    } catch (error) {
      console.error(error.message);
    }
  }
}

process.on('exit', end);
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.on(signal, () => {
    console.log(`ended by ${signal}`);
    process.exit(code);
  });
}

/** Runs a check: `main` gives the line with the counts and a list of differences. */
export async function check(name, main) {
  try {
    const { counts, differences } = await main();
    for (const difference of differences) console.log(`DIFFERS: ${difference}`);
    console.log(`${name}: ${counts}; ${differences.length === 0 ? 'as undisturbed' : `${differences.length} differences`}`);
    process.exit(differences.length === 0 ? 0 : 1);
  } catch (error) {
    console.error(error.stack);
    console.log(`${name}: FAILED: ${error.message.split('\n')[0]}`);
    process.exit(1);
  }
}
