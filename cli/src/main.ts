import { run } from './run.js';
import { onBrokenPipe } from './terminal.js';

onBrokenPipe(() => process.exit());
process.exitCode = await run(process.argv.slice(2), process);
