import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { AxonFile, Platform } from '../../../src';
import { expectGolden } from '../golden';

const DIGITS = join(__dirname, '..', '..', '..', 'examples', 'digits');

/** The files of the digits loop and its platform, by path, in the given layout. */
function files(yamlOutputType: YamlOutputType): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'myelin-goldens-'));
  try {
    const app = new App({ outdir, yamlOutputType });
    const platform = new Platform(new Chart(app, 'platform', { namespace: 'default' }), 'platform');
    AxonFile.load(new Chart(app, 'digits', { namespace: 'default' }), join(DIGITS, 'axon.yaml'), { platform });
    app.synth();
    const entries = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    return Object.fromEntries(paths.map((path) => [relative(outdir, path), readFileSync(path, 'utf8')]));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The contents of the recorded example, object by object. */
function recorded(file: string): string[] {
  return readFileSync(join(DIGITS, 'expected', file), 'utf8').split(/^---\n/m);
}

test.each([
  ['files-by-chart.txt', YamlOutputType.FILE_PER_CHART],
  ['files-by-resource.txt', YamlOutputType.FILE_PER_RESOURCE],
  ['files-by-chart-and-resource.txt', YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE],
])('the names of the files of the digits loop and its platform: %s', (name, layout) => {
  expectGolden(`manifests/${name}`, Object.keys(files(layout)).map((path) => `${path}\n`).join(''));
});

test.each(['digits.yaml', 'platform.yaml'])('a file per object holds what the recorded example holds for that object: %s', (file) => {
  const folder = `${file.replace('.yaml', '')}/`;
  const written = Object.entries(files(YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE))
    .filter(([path]) => path.startsWith(folder))
    .map(([, content]) => content);

  expect(written.sort()).toEqual(recorded(file).sort());
});

test('a file per object holds the same in either layout', () => {
  const contents = (layout: YamlOutputType) => Object.values(files(layout)).sort();

  expect(contents(YamlOutputType.FILE_PER_RESOURCE)).toEqual(contents(YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE));
});
