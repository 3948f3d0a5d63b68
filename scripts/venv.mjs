#!/usr/bin/env node
// Makes the named virtual environment, unless it is there, and prints its python.
// usage: node scripts/venv.mjs NAME REQUIREMENT...
import { venv } from './lib/venv.mjs';

const [name, ...requirements] = process.argv.slice(2);
try {
  process.stdout.write(await venv(name, { requirements }));
} catch (error) {
  console.error(error.output ?? error);
  process.exitCode = 1;
}
