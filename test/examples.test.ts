import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Yaml } from 'cdk8s';
import { AxonFile, Platform } from '../src';

const EXAMPLES = join(__dirname, '..', 'examples');
const recorded = (...path: string[]) => readFileSync(join(EXAMPLES, ...path), 'utf8');

// The whole manifest is the claim here. The examples that are programs, platform-team and patches, are tested with the packed library.
describe.each(['digits', 'tumor-screening'])('the example %s', (example) => {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'default' });
  const axon = new Chart(app, 'axon', { namespace: 'default' });
  const shared = new Platform(platform, 'platform');
  AxonFile.load(axon, join(EXAMPLES, example, 'axon.yaml'), { platform: shared });

  test('gives the recorded manifests', () => {
    expect(Yaml.stringify(...axon.toJson())).toBe(recorded(example, 'expected', `${example}.yaml`));
  });

  test('gives the platform that is recorded once for all examples', () => {
    expect(Yaml.stringify(...platform.toJson())).toBe(recorded('digits', 'expected', 'platform.yaml'));
  });
});

test('no two recorded files of the examples have the same content', () => {
  const files = readdirSync(EXAMPLES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.parentPath.endsWith('expected'));
  const contents = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

  expect(contents.length).toBe(11);
  expect(new Set(contents).size).toBe(contents.length);
});
