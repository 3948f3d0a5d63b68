import { afterAll, describe, expect, test } from '@jest/globals';
import { pythonOf } from '../../../../src/pocket/images/dockerfile/recipe.js';
import { filesOf, recipe, removeFolders } from '../fixture.js';

afterAll(removeFolders);

describe('the version of Python', () => {
  test.each([
    ['python:3.11', '3.11'], ['python:3.11.9-slim-bookworm', '3.11'], ['docker.io/library/python:3.12-alpine', '3.12'], ['python', '3'], ['python:3', '3'],
    ['python:latest', '3'], ['python:slim', '3'], ['host.example:5000/mirror/python:3.10@sha256:ab', '3.10'], ['python@sha256:ab', '3'],
    ['pytorch/pytorch:2.1', undefined], ['bitnami/python-extra:3.11', undefined], ['ubuntu:22.04', undefined], ['mypython:3.11', undefined],
  ])('%s has %s', (image, version) => {
    expect(pythonOf(image)).toBe(version);
  });

  test('a base image that is not there is told with its line', async () => {
    const { warnings, python } = await recipe('# base\nFROM tensorflow/tensorflow:2.15.0');
    expect(warnings).toEqual([expect.stringMatching(/^Dockerfile:2: the base image 'tensorflow\/tensorflow:2.15.0' is not there on this machine/)]);
    expect(python).toBeUndefined();
  });
});

describe('settings', () => {
  test('an image has the directory, variables, command and user that its Dockerfile says', async () => {
    const { workdir, env, entrypoint, cmd, user } = await recipe(`FROM python:3.11
WORKDIR /app
ENV A="x y" B='$A' C=$A \\
    # a comment in between
    D=\${A:-none} E=\${MISSING:-some} F=a\\ b
ENV OLD style value
WORKDIR sub
LABEL a=b
EXPOSE 80
USER 1000
ENTRYPOINT ["python", "-u"]
CMD ["serve.py", "--a=b c"]`);
    expect({ workdir, user, entrypoint, cmd }).toEqual({ workdir: '/app/sub', user: '1000', entrypoint: ['python', '-u'], cmd: ['serve.py', '--a=b c'] });
    expect(env).toMatchObject({ A: 'x y', B: '$A', C: '', D: 'none', E: 'some', F: 'a b', OLD: 'style value' });
  });

  test.each([
    ['CMD python train.py --a "b c"', [], ['/bin/sh', '-c', 'python train.py --a "b c"']],
    ['ENTRYPOINT exec python a.py', ['/bin/sh', '-c', 'exec python a.py'], []],
    ['SHELL ["/bin/bash", "-c"]\nCMD a', [], ['/bin/bash', '-c', 'a']],
    ['CMD ["a"]\nENTRYPOINT ["b"]', ['b'], ['a']],
    ['ENTRYPOINT ["/usr/local/bin/python3", "a.py"]', ['python3', 'a.py'], []],
    ['CMD ["/usr/local/bin/gunicorn"]', [], ['gunicorn']],
    ['CMD ["a", b]', [], ['/bin/sh', '-c', '["a", b]']],
  ])('%s', async (line, entrypoint, cmd) => {
    expect(await recipe(`FROM python:3.11\n${line}`)).toMatchObject({ entrypoint, cmd });
  });

  test('arguments hold where Docker lets them: before FROM for FROM alone, with their value from the build if it gives one', async () => {
    const dockerfile = 'ARG V=3.10\nARG X=outer\nFROM python:$V\nARG X\nARG Y=own\nARG Z\nENV V=v$V X=$X Y=$Y Z=$Z';
    const { python, env } = await recipe(dockerfile, {}, { buildArgs: { Y: 'given' } });
    expect(python).toBe('3.10');
    expect(env).toMatchObject({ V: 'v', X: 'outer', Y: 'given', Z: '' });
  });

  test('a variable overrules an argument of its name', async () => {
    expect((await recipe('FROM python:3.11\nENV A=env\nARG A=arg\nENV B=$A')).env.B).toBe('env');
  });

  test('the escape character of a directive is that of the file', async () => {
    expect((await recipe('# escape=`\nFROM python:3.11\nENV A=C:\\dir `\n  B=2')).env).toMatchObject({ A: 'C:\\dir', B: '2' });
  });
});

describe('stages', () => {
  test('a stage builds upon another, and a command of the base does not outlive a new entrypoint', async () => {
    const image = await recipe('FROM python:3.11 AS base\nWORKDIR /app\nENV A=1\nCMD ["old"]\nFROM base\nENTRYPOINT ["new"]', {});
    expect(image).toMatchObject({ workdir: '/app', entrypoint: ['new'], cmd: [], python: '3.11' });
  });

  test('files and packages are copied from an earlier stage', async () => {
    const image = await recipe(`FROM python:3.11 AS build
COPY a.txt /made/
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
RUN pip install numpy==1.26.4
FROM python:3.11-slim
COPY --from=build /opt/venv /opt/venv
COPY --from=0 /made/a.txt /b.txt
CMD ["/opt/venv/bin/uvicorn"]`, { 'a.txt': 'a' });
    expect(filesOf(image)).toEqual(['/b.txt']);
    expect(image.installs.map(({ requirements }) => requirements)).toEqual([['numpy==1.26.4']]);
    expect(image.cmd).toEqual(['uvicorn']);
  });

  test('a stage that nothing needs is not looked into', async () => {
    const image = await recipe('FROM golang AS unused\nCOPY missing /\nRUN make\nFROM python:3.11\nWORKDIR /app');
    expect(image.warnings).toEqual([]);
  });

  test('a stage can be the target', async () => {
    const dockerfile = 'FROM python:3.11 AS one\nENV A=1\nFROM one AS two\nENV A=2';
    expect((await recipe(dockerfile, {}, { target: 'one' })).env.A).toBe('1');
    await expect(recipe(dockerfile, {}, { target: 'three' })).rejects.toThrow("'target' (three) must be a stage of Dockerfile, correct it");
  });

  test('fails if a file comes from an image that is no stage', async () => {
    await expect(recipe('FROM python:3.11\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv'))
      .rejects.toThrow("'Dockerfile:2' (--from=ghcr.io/astral-sh/uv:latest) must be an earlier stage of this file");
  });
});

describe('RUN', () => {
  const files = { 'requirements.txt': 'numpy==1.26.4\n' };
  const run = async (line: string) => recipe(`FROM python:3.11\nWORKDIR /app\nCOPY requirements.txt .\n${line}`, files);

  test.each([
    'RUN pip install --no-cache-dir -r requirements.txt',
    'RUN pip3 install -qr requirements.txt > /dev/null 2>&1',
    'RUN python -m pip install --user -r /app/requirements.txt',
    'RUN python3.11 -B -m pip --no-input install -r requirements.txt',
    'RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt',
    'RUN ["pip", "install", "-r", "requirements.txt"]',
    'RUN set -eux; \\\n  # a comment\n  pip install \\\n  -r requirements.txt',
    'RUN cd / && pip install -r app/requirements.txt || true',
    'RUN uv pip install --system -r requirements.txt',
    'RUN PIP_NO_CACHE_DIR=1 pip install -r requirements.txt && rm -rf /root/.cache',
    'RUN <<EOF\nset -e\npip install -r requirements.txt\nEOF',
  ])('%s installs the packages', async (line) => {
    const { installs, warnings } = await run(line);
    expect(installs.map(({ requirements }) => requirements)).toEqual([['numpy==1.26.4']]);
    expect(warnings).toEqual([]);
  });

  test('packages of a system are left out with a warning, those of Python beside them are not', async () => {
    const { installs, warnings } = await run('RUN apt-get update && apt-get install -y libgomp1 && pip install pandas==2.1.0 && rm -rf /var/lib/apt/lists/*');
    expect(installs.map(({ requirements }) => requirements)).toEqual([['pandas==2.1.0']]);
    expect(warnings).toEqual(["Dockerfile:4: RUN installs Python packages only on this machine, left out is 'apt-get install -y libgomp1'"]);
  });

  test.each([
    ['RUN curl -sSL https://example.org/install.sh | sh', 'curl -sSL https://example.org/install.sh | sh'],
    ['RUN echo 1 > /app/VERSION', 'echo 1 >/app/VERSION'],
    ['RUN if [ -f x ]; then pip install y; fi', 'if [ -f x ]; then pip install y; fi'],
    ['RUN pip install $(cat packages)', 'pip install $(cat packages)'],
    ['RUN (pip install a)', '(pip install a)'],
  ])('%s takes a shell and is told', async (line, command) => {
    const { installs, warnings } = await run(line);
    expect(installs).toEqual([]);
    expect(warnings).toEqual([`Dockerfile:4: RUN installs Python packages only on this machine, left out is '${command}'`]);
  });

  test('variables are filled in, folders made', async () => {
    const image = await run('ARG VERSION=1.2.3\nRUN mkdir -p /data/a ./b && pip install "numpy==$VERSION"');
    expect(image.installs[0]!.requirements).toEqual(['numpy==1.2.3']);
    expect(['/data/a', '/app/b'].map((path) => image.tree.isFolder(path))).toEqual([true, true]);
  });

  test('fails if a file of requirements is not in the image', async () => {
    await expect(run('RUN pip install -r other.txt')).rejects.toThrow("'Dockerfile:4' (/app/other.txt) must name a file that is in the image by then, COPY it before");
  });
});

describe('what cannot be', () => {
  test.each([
    ['', "'Dockerfile' (no FROM) must say what it builds upon, begin with 'FROM python:3.11'"],
    ['WORKDIR /app', "'Dockerfile:1' (WORKDIR) must come after a FROM, begin with one"],
    ['FROM python:3.11\nCOPPY . .', "'Dockerfile:2' (COPPY) must be an instruction that Docker knows, correct it"],
    ['FROM python:3.11\nENV A', "'Dockerfile:2' (A) must have the form NAME=value, correct it"],
    ['FROM python:3.11\nENV A="x', "'Dockerfile:2' (a quote that does not end) cannot be read here, write it in a simpler way"],
    ['FROM python:3.11\nENV A=${B/c/d}', "'Dockerfile:2' (the form of ${B/c/d}) cannot be read here"],
    ['FROM python:3.11\nCOPY a', "'Dockerfile:2' (a) must name what to copy and where to, add what is missing"],
    ['FROM python:3.11\nCOPY --parents a b', "'Dockerfile:2' (--parents) is not supported on this machine, copy without it"],
    ['FROM python:3.11\nADD https://example.org/x.bin /x', "'Dockerfile:2' (ADD https://example.org/x.bin) must not fetch anything on this machine"],
    ['FROM python:3.11\nADD data.tar.gz /x', "'Dockerfile:2' (ADD data.tar.gz) must not unpack an archive on this machine"],
    ['FROM python:3.11\nCOPY <<EOF /x\nabc', "'Dockerfile:2' (<<EOF) must end with a line that is EOF alone, add it"],
  ])('fails if the Dockerfile is %j', async (dockerfile, message) => {
    await expect(recipe(dockerfile)).rejects.toThrow(message);
  });
});
