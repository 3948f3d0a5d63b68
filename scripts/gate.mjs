#!/usr/bin/env node
// The one gate; steps.mjs lists what it checks.
// usage: npm test [-- --list | --only NAME[,NAME]]      a NAME also selects NAME:…, say `jest` all of jest:constructs, jest:runtime, jest:cli
import { parseArgs } from 'node:util';
import { gate } from './gate/runner.mjs';
import { STEPS } from './gate/steps.mjs';

// Steps behave as in CI wherever they run: no colours to parse, no prompts, no snapshot written.
Object.assign(process.env, { CI: 'true', NO_COLOR: '1' });
delete process.env.FORCE_COLOR;

const { values } = parseArgs({ options: { list: { type: 'boolean' }, only: { type: 'string' } } });
const known = STEPS.map(step => step.name);
const wanted = values.only?.split(',') ?? known;
const unknown = wanted.filter(name => !known.some(step => matches(step, name)));

if (unknown.length > 0) {
  console.error(`'--only' (${unknown.join(', ')}) names no step, choose from ${known.join(', ')}`);
  process.exitCode = 2;
} else if (values.list) {
  console.log(known.join('\n'));
} else {
  const passed = await gate(STEPS.filter(step => wanted.some(name => matches(step.name, name))));
  process.exitCode = passed ? 0 : 1;
}

function matches(step, name) {
  return step === name || step.startsWith(`${name}:`);
}
