import { DIGITS, edited, fixture, objectsOf, told } from './digits';

const LEGACY = fixture('legacy.yaml');

const model = (name: string, text = LEGACY) => {
  const [document] = objectsOf(text).filter(({ metadata }) => metadata.name === name);
  return JSON.parse(document.data['model.json']);
};

test('every older form is told with its present one', () => {
  expect(told(LEGACY)).toEqual([
    "13:7 warning: 'env' (a list) is an older form, write it inside 'container'",
    "18:7 warning: 'env' (a list) is an older form, write it inside 'train'",
    "22:9 warning: 'deploymentType' (canary) is an older form, write a 'rolloutSpec' in the 'deployer' of a sensor: without one the newest two versions get half of the traffic each",
    "23:9 warning: 'replicas' (3) is an older form, write it in the 'deployer' of a sensor",
    "28:36 warning: 'buiderImage' (images.example.org/myelin-deployer-s2i-py3:1.0) is an older form, write 'builderImage'",
    "28:49 warning: 'builderImage' (images.example.org/myelin-deployer-s2i-py3:1.0) is an older builder, and the default one takes its place, leave it out",
    "41:18 warning: 'trainer' (Fit) is an older form, write it below 'backendModels', as '- {name: …, trainer: …, deployer: …}'",
    "43:41 warning: 'task' (Serve) is an older form, write 'model', with 'Serve'",
    "53:19 warning: 'destinations' (a list) is an older form, indent it less: it belongs beside 'match'",
    "53:35 warning: 'destination' (0) is an older form, write 'destinationIndex'",
    "53:67 warning: 'destination' (1) is an older form, write 'destinationIndex'",
    "54:27 warning: 'destination' (2) is an older form, write 'destinationIndex'",
    "56:31 warning: 'trainer' (Fit) is an older form, write it below 'backendModels', as '- {name: …, trainer: …, deployer: …}'",
    "58:39 warning: 'name' (Again) is an older form, write 'model', with 'Again'",
  ]);
});

test('variables beside a body join those inside', () => {
  const [template] = objectsOf(LEGACY).filter(({ kind }) => kind === 'WorkflowTemplate');
  const [clean] = template.spec.templates.filter(({ name }: any) => name === 'task-clean');

  expect(clean.container.env).toEqual(expect.arrayContaining([{ name: 'SEED', value: '7' }, { name: 'SHARE', value: '0.2' }]));
});

test('replicas and a canary of a deploy body apply to the deployers that do not set them', () => {
  const first = model('old-shapes-model-first');
  const second = model('old-shapes-model-second');

  expect([first.replicas, first.rollout]).toEqual([3, [{ destinations: [{ generation: 0, weight: 50 }, { generation: 1, weight: 50 }] }]]);
  expect([second.replicas, second.rollout]).toEqual([1, [
    { destinations: [{ generation: 0, weight: 90 }, { generation: 1, weight: 10 }], shadow: { generation: 2 } },
  ]]);
});

test('a model without backends has one of its own name, and without a name that of its model server', () => {
  expect(model('old-shapes-model-first').models.map(({ name, backends }: any) => [name, backends[0].name])).toEqual([['serve', 'serve']]);
  expect(model('old-shapes-model-second').models.map(({ name, backends }: any) => [name, backends[0].name])).toEqual([['again', 'again']]);
});

test('a node that names a task calls the model that the task serves', () => {
  expect(model('old-shapes-model-first').routes).toEqual([
    { path: '/predict', nodes: [{ model: 'serve', path: '/predict', dependencies: [], includeInput: false }] },
  ]);
});

test('a canary in the deployer itself is told there', () => {
  const text = edited(
    '            rolloutSpec:                  # percents by generation: 0 is the newest version, 1 the one before it\n', '',
    '              - destinations:\n                  - {destinationIndex: 0, weight: 80}\n                  - {destinationIndex: 1, weight: 20}\n', '            deploymentType: canary\n',
  );

  expect(told(text)).toEqual(["94:13 warning: 'deploymentType' (canary) is an older form, write a 'rolloutSpec': without one the newest two versions get half of the traffic each"]);
});

test('both versions of the format mean the same', () => {
  expect(objectsOf(DIGITS.replace('myelin.io/v1alpha1', 'myelinproj.io/v1alpha1'))).toEqual(objectsOf(DIGITS));
});

test('fails if an older form is wrong in itself, where it stands', () => {
  const text = LEGACY.replace('{trainer: Fit, deployer: Serve}', '{trainer: Fitt, deployer: Serve}');

  expect(told(text).filter((line) => line.includes('error'))).toEqual(["41:27 error: 'trainer' (Fitt) is no task of the axon, did you mean 'Fit'?"]);
});
