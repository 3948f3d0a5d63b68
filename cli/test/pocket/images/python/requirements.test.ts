import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Install, installOf } from '../../../../src/pocket/images/python/requirements.js';

async function install(args: string, files: Record<string, string> = {}): Promise<Install> {
  const there = { read: async (path: string) => files[path], isThere: (path: string) => Object.keys(files).some((each) => each === path || each.startsWith(`${path}/`)) };
  return installOf(args.split(' '), '/app', there, 'Dockerfile:4');
}

describe('what a pip install asks for', () => {
  test('files name others, relative to themselves; comments and continued lines are read as pip reads them', async () => {
    const found = await install('-r requirements.txt', {
      '/app/requirements.txt': '# packages\nnumpy==1.26.4  # arrays\n-r more/base.txt\n-c limits.txt\n--extra-index-url=https://example.org/simple\nscipy \\\n  >=1.0\n\n',
      '/app/more/base.txt': '-r other.txt\npandas\n',
      '/app/more/other.txt': 'joblib==1.4.2',
      '/app/limits.txt': 'scipy<2\n',
    });
    expect(found).toEqual({
      requirements: ['joblib==1.4.2', 'numpy==1.26.4', 'pandas', 'scipy >=1.0'],
      constraints: ['scipy<2'],
      options: ['--extra-index-url https://example.org/simple'],
      local: [],
      client: false,
    });
  });

  test('where and how a container keeps packages does not matter', async () => {
    expect(await install('--no-cache-dir --user -q -U --target /opt/lib --root-user-action=ignore numpy')).toEqual(await install('numpy'));
  });

  test('options that choose packages do', async () => {
    expect((await install('--pre -i https://example.org/simple --no-index -f https://example.org/wheels --only-binary=:all: numpy')).options)
      .toEqual(['--pre', '-i https://example.org/simple', '--no-index', '-f https://example.org/wheels', '--only-binary :all:']);
  });

  test.each(['cdk8s-myelin-client', 'cdk8s_myelin_client==0.1.0', 'CDK8s.Myelin-Client>=0 ; python_version > "3"'])('%s comes with us', async (line) => {
    expect(await install('-r r.txt', { '/app/r.txt': `${line}\nnumpy` })).toMatchObject({ requirements: ['numpy'], client: true });
  });

  test.each([
    ['.', '{root}/app', '/app'], ['-e ./lib', '{root}/app/lib', '/app/lib'], ['./lib[extra]', '{root}/app/lib[extra]', '/app/lib'],
    ['/app/x.whl', '{root}/app/x.whl', '/app/x.whl'], ['x.whl', '{root}/app/x.whl', '/app/x.whl'],
    ['name@file:///app/x.whl', 'name@file://{root}/app/x.whl', '/app/x.whl'],
  ])('%s is a path of the image', async (args, requirement, local) => {
    expect(await install(args, { '/app/x.whl': '', '/app/lib/setup.py': '' })).toMatchObject({ requirements: [requirement], local: [local] });
  });

  test('an address is no path', async () => {
    expect(await install('git+https://example.org/a/b.git@main https://example.org/x.whl')).toMatchObject({ local: [] });
  });

  test('a folder of wheels in the image is found', async () => {
    expect(await install('--find-links=wheels numpy', { '/app/wheels/x.whl': '' })).toMatchObject({ options: ['--find-links {root}/app/wheels'], local: ['/app/wheels'] });
  });

  test('files that name each other end', async () => {
    expect((await install('-r a.txt', { '/app/a.txt': '-r b.txt\nx', '/app/b.txt': '-r a.txt\ny' })).requirements).toEqual(['x', 'y']);
  });

  test('fails if a file is missing, with the file and line that names it', async () => {
    await expect(install('-r a.txt', { '/app/a.txt': '\n\n-r b.txt' })).rejects.toThrow("'a.txt:3' (/app/b.txt) must name a file that is in the image by then");
  });

  test('the order of lines does not matter', async () => {
    const line = fc.constantFrom('numpy==1.26.4', 'scipy', 'joblib>=1', 'pandas ; python_version < "4"', '# comment', '');
    await fc.assert(fc.asyncProperty(fc.uniqueArray(line), fc.integer({ min: 0, max: 5 }), async (lines, turn) => {
      const turned = [...lines.slice(turn), ...lines.slice(0, turn)];
      expect(await install('-r r.txt', { '/app/r.txt': lines.join('\n') })).toEqual(await install('-r r.txt', { '/app/r.txt': turned.join('\r\n') }));
    }));
  });
});
