#!/usr/bin/env node
import { buildctl } from '../../dist/pocket/images/buildctl.js';

process.exitCode = await buildctl(process.argv.slice(2), process.env, (line) => process.stdout.write(`${line}\n`));
