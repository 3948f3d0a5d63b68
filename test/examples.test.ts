import { readFileSync } from 'fs';
import { join } from 'path';

const EXAMPLES = join(__dirname, '..', 'examples');

// The whole manifest is the claim here. That each is what its source gives is tested with the command line
// and with the packed library.
test.each([
  ['digits/expected/digits.yaml', 'platform-team/expected/digits-chart.k8s.yaml'],
  ['digits/expected/platform.yaml', 'platform-team/expected/platform.k8s.yaml'],
])('the axon file and the program of the same loop give the same manifests: %s, %s', (file, program) => {
  expect(readFileSync(join(EXAMPLES, program), 'utf8')).toBe(readFileSync(join(EXAMPLES, file), 'utf8'));
});
