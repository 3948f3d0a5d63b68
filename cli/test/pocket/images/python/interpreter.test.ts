import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Pythons, versionNotice } from '../../../../src/pocket/images/python/interpreter.js';
import { folder, removeFolders, write } from '../fixture.js';

afterAll(removeFolders);

/** A folder with programs of these names that say they are Pythons of these versions. */
function machine(versions: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}): Pythons {
  const scripts = Object.entries(versions).map(([name, version]) => [name, version === 'broken' ? '#!/bin/sh\nexit 127\n'
    : `#!/bin/sh\necho '{"executable": "/x/${name}", "version": "${version}", "id": "${version}"}'\n`]);
  return new Pythons({ PATH: write(folder(), Object.fromEntries(scripts)), ...env });
}

describe('the Python to stand in for that of an image', () => {
  test.each([
    ['3.11', { 'python3.11': '3.11.7', 'python3': '3.13.0' }, '3.11.7'],
    ['3.13', { 'python3.11': '3.11.7', 'python3': '3.13.0' }, '3.13.0'],
    ['3.11', { 'python3.11': 'broken', 'python3': '3.13.0' }, '3.13.0'],
    ['3.11', { 'python3.12': '3.12.1', 'python3.9': '3.9.1', 'python3': '3.14.0' }, '3.12.1'],
    ['3.11', { 'python3': '3.6.9', 'python3.10': '3.10.1' }, '3.10.1'],
    ['3.12', { 'python3': '3.11.1', 'python3.13': '3.13.1' }, '3.11.1'],
    ['3', { 'python3.12': '3.12.1', 'python3': '3.9.0' }, '3.9.0'],
    [undefined, { python: '3.9.0' }, '3.9.0'],
    [undefined, { 'python3': '3.7.1', 'python3.9': '3.9.2' }, '3.9.2'],
  ])('for %s of %j is %s', async (wanted, versions, found) => {
    expect((await machine(versions as Record<string, string>).find(wanted)).version).toBe(found);
  });

  test('is the one that MYELIN_PYTHON names', async () => {
    const mine = join(write(folder(), { mine: '#!/bin/sh\necho \'{"executable": "/x", "version": "3.10.0", "id": "x"}\'\n' }), 'mine');
    expect((await machine({ 'python3.11': '3.11.7' }, { MYELIN_PYTHON: mine }).find('3.11')).version).toBe('3.10.0');
  });

  test('fails if there is none, or none that is new enough', async () => {
    await expect(machine({}).find('3.11')).rejects.toThrow("'python3' (not on PATH) is needed to run images with Python, install Python 3.11 or set MYELIN_PYTHON to where it is");
    await expect(machine({ python3: '3.7.2' }).find('3.12')).rejects.toThrow("'python3' (3.7.2) must be at least 3.8, install Python 3.12 or set MYELIN_PYTHON");
  });

  test('fails if MYELIN_PYTHON is wrong', async () => {
    await expect(machine({}, { MYELIN_PYTHON: '/no/python' }).find('3.11')).rejects.toThrow("'MYELIN_PYTHON' (/no/python) must be a Python that starts, correct or unset it");
    const old = join(write(folder(), { old: '#!/bin/sh\necho \'{"executable": "/x", "version": "3.6.0", "id": "x"}\'\n' }), 'old');
    await expect(machine({}, { MYELIN_PYTHON: old }).find('3.11')).rejects.toThrow(`'MYELIN_PYTHON' (${old} is 3.6.0) must be at least 3.8, name a newer one`);
  });

  test('is told when it is another version', () => {
    const python = { executable: '/x', version: '3.13.0', id: 'x' };
    expect([versionNotice('3.13', python), versionNotice('3', python), versionNotice(undefined, python)]).toEqual([undefined, undefined, undefined]);
    expect(versionNotice('3.1', python)).toMatch(/^Python 3\.13\.0 of this machine stands in for 3\.1: install Python 3\.1/);
  });
});
