import { readFileSync } from 'fs';
import { join } from 'path';

/** The runtime image of this version of the library: constructs and runtime speak the same contract. */
export function defaultRuntimeImage(): string {
  image ??= `cdk8s-myelin/runtime:${JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')).version}`;
  return image;
}

let image: string | undefined;
