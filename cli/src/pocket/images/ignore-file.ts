import { globExpression } from './glob.js';

/**
 * What a `.dockerignore` leaves out of a build: the last pattern that matches a path or a folder above it decides, `!` takes back in.
 *
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export class IgnoreFile {
  private readonly rules: readonly { readonly expression: RegExp; readonly ignores: boolean }[];

  constructor(text: string) {
    this.rules = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((line) => !line.startsWith('#')).map((line) => line.trim()).flatMap((line) => {
      const ignores = !line.startsWith('!');
      const pattern = clean(ignores ? line : line.slice(1).trim());
      return pattern === '' ? [] : [{ expression: globExpression(pattern, { deep: true }), ignores }];
    });
  }

  /** Whether a path, relative to the context, stays out. */
  public ignores(path: string): boolean {
    const parts = path.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return this.rules.reduce((ignored, { expression, ignores }) => (paths.some((each) => expression.test(each)) ? ignores : ignored), false);
  }
}

/** As a path is written by its shortest name: no `./`, no slash at either end. */
function clean(pattern: string): string {
  return pattern.split('/').filter((part) => part !== '' && part !== '.').join('/');
}
