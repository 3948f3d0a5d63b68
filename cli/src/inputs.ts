import { readFileSync } from 'node:fs';
import { misused } from './outcome.js';

/** A file that was named on the command line. */
export interface Input {
  /** What it is called in messages. */
  readonly name: string;
  readonly text: string;
}

/** Nobody writes axons of that size; a disk image would fill the memory. */
const LARGEST = 16 * 1024 * 1024;

const REASONS: Readonly<Record<string, readonly [rule: string, remedy: string]>> = {
  ENOENT: ['does not exist', 'check its path'],
  EISDIR: ['is a folder', 'name the files in it'],
  EACCES: ['may not be read by you', 'change its permissions'],
  EPERM: ['may not be read by you', 'change its permissions'],
};

/** The texts of the files; `-` is the standard input. */
export function readInputs(files: string[]): Input[] {
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) {
    throw misused('file', twice, 'is named twice', 'name it once');
  }
  return files.map((file) => {
    const name = file === '-' ? '<stdin>' : file;
    const bytes = readBytes(file, name);
    if (bytes.length > LARGEST) {
      throw misused('file', name, `has ${bytes.length} bytes, more than any axon`, 'name an axon file');
    }
    return { name, text: bytes.toString('utf8') };
  });
}

function readBytes(file: string, name: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (e) {
    const { code = '', message } = e as NodeJS.ErrnoException;
    const [rule, remedy] = REASONS[code] ?? [`cannot be read (${code || message})`, 'name another file'];
    throw misused('file', name, rule, remedy);
  }
}
