import type { StudyDocument } from '../../src/contract/documents.js';
import { MyelinError } from '../../src/shared/errors.js';
import { Laboratory, RUN, scoreOf, STORE, STUDY } from './laboratory.js';

let laboratory: Laboratory;

beforeEach(async () => { laboratory = await Laboratory.open(); });
afterEach(() => laboratory.close());

const summary = () => laboratory.json(laboratory.at('study/summary.json'));
const messages = (message: string) => laboratory.lines.filter((line) => line.message === message);

test('a search ends with the best configuration at the largest budget as what the task made', async () => {
  await laboratory.tune();
  const { winner, trials } = await summary();
  expect(trials).toHaveLength(13);
  expect(trials.filter((trial: any) => trial.winner)).toEqual([{ ...winner, winner: true }]);
  const finalists = trials.filter(({ budget }: any) => budget === 4);
  expect(winner.loss).toBe(Math.min(...finalists.map(({ loss }: any) => loss)));
  expect(winner.loss).toBe(-scoreOf({ ...winner.parameters, budget: '4' }));
  expect(await laboratory.json('/myelin/out/metrics.json')).toEqual(winner.metrics);
  expect(await laboratory.text(laboratory.at('model.txt'))).toBe(`${winner.config} trained for 4`);
});

test('each trial is one Job, and no more run at a time than the study allows', async () => {
  await laboratory.tune();
  expect(laboratory.kube.all('Job')).toHaveLength(13);
  expect(laboratory.mostRunning).toBe(3);
});

test('a promoted trial finds the folder of its configuration again', async () => {
  const found = new Map<string, string[]>();
  laboratory.program = async ({ args, env, write }) => {
    const before = laboratory.has(`${env.MODEL_PATH}/checkpoint`) ? await laboratory.text(`${env.MODEL_PATH}/checkpoint`) : '0';
    found.set(args.config_id!, [...(found.get(args.config_id!) ?? []), `${before}-${args.budget}`]);
    await write(`${env.MODEL_PATH}/checkpoint`, args.budget!);
    await write(env.MYELIN_METRICS_PATH!, JSON.stringify({ validation_accuracy: scoreOf(args) }));
  };
  await laboratory.tune();
  expect([...found.values()].filter((steps) => steps.length === 3)).toEqual([['0-1', '1-2', '2-4']]);
});

test('the result of each trial is a record beside its metrics, and its end is told in the log', async () => {
  await laboratory.tune();
  const record = await laboratory.json(laboratory.at('trials/0_0_1/.myelin/0/result.json'));
  expect(record).toMatchObject({ contract: 1, config: '0_0_1', budget: 1, status: 'succeeded', loss: expect.any(Number) });
  expect(messages('trial started')).toHaveLength(13);
  expect(messages('trial ended')).toHaveLength(13);
  expect(messages('rung finished').map(({ bracket, rung, succeeded, promoted }) => [bracket, rung, succeeded, promoted])).toEqual(
    expect.arrayContaining([[0, 0, 4, 2], [0, 1, 2, 1], [0, 2, 1, 0], [1, 0, 2, 1], [1, 1, 1, 0], [2, 0, 3, 0]]));
});

test('a trial that fails is recorded with its reason, and the search goes on without it', async () => {
  const pod = { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 1, reason: 'Error', message: 'ValueError: no data\n' } } }] };
  const honest = laboratory.program;
  laboratory.program = async (trial) => {
    await honest(trial);
    return trial.args.config_id === '0_0_2' ? { reason: 'PodFailurePolicy', message: 'failed with exit code 1', pod } : undefined;
  };
  await laboratory.tune();
  const { trials } = await summary();
  expect(trials.find(({ config }: any) => config === '0_0_2')).toMatchObject({
    status: 'failed',
    error: 'exit code 1: ValueError: no data',
    // What it reported before it failed is no result.
    metrics: { validation_accuracy: expect.any(Number) },
  });
  expect(trials.some(({ config, rung }: any) => config === '0_0_2' && rung > 0)).toBe(false);
});

test('a trial that takes too long fails with its bound', async () => {
  laboratory.program = () => ({ reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' });
  await expect(laboratory.tune()).rejects.toMatchObject({ permanent: true, message: expect.stringContaining('not done after 1800 seconds (DeadlineExceeded)') });
});

test('fails for good if all trials fail, with their number and what the first one said', async () => {
  laboratory.program = ({ args, env, write }) => write(env.MYELIN_METRICS_PATH!, JSON.stringify({ loss: Number(args.budget) }));
  await expect(laboratory.tune()).rejects.toMatchObject({
    code: 'MYELIN_TUNING_WITHOUT_SUCCESS',
    permanent: true,
    message: `'${RUN}' (9 of 9 trials failed) must have a trial that succeeds, mend what the first one says and run it anew: `
      + "'validation_accuracy' (absent) must be published by every trial, this one published loss, call publish_result(value, \"validation_accuracy\")",
  });
  expect(await summary()).not.toHaveProperty('winner');
  expect(laboratory.has('/myelin/out/metrics.json')).toBe(false);
});

test('the hash of the winner\'s data is that of the task', async () => {
  const honest = laboratory.program;
  laboratory.program = async (trial) => {
    await honest(trial);
    await trial.write(trial.env.MYELIN_DATA_HASH_PATH!, trial.args.budget === '4' ? 'abcdef0123456789\n' : 'other');
  };
  await laboratory.tune();
  expect(await laboratory.text('/myelin/out/data-hash')).toBe('abcdef0123456789');
});

test('a hash that is none is passed over', async () => {
  const honest = laboratory.program;
  laboratory.program = async (trial) => {
    await honest(trial);
    await trial.write(trial.env.MYELIN_DATA_HASH_PATH!, 'NONE');
  };
  await laboratory.tune();
  expect(laboratory.has('/myelin/out/data-hash')).toBe(false);
  expect(messages('data hash is left out, it must be 8 to 128 hex digits')).toHaveLength(1);
});

test('killed at any call of the API, before or after its effect, it ends with the same trials and the same result', async () => {
  await laboratory.tune();
  const undisturbed = await laboratory.text(laboratory.at('study/summary.json'));
  const calls = laboratory.kube.callCount;
  for (const when of ['before', 'after'] as const) {
    for (let number = 1; number <= calls; number += 2) {
      await laboratory.close();
      laboratory = await Laboratory.open();
      laboratory.kube.failAt(number, when, new MyelinError('MYELIN_KUBE_UNCONFIGURED', {}));
      await expect(laboratory.tune()).rejects.toMatchObject({ code: 'MYELIN_KUBE_UNCONFIGURED' });
      await laboratory.tune();
      expect(await laboratory.text(laboratory.at('study/summary.json'))).toBe(undisturbed);
      expect(laboratory.kube.all('Job')).toHaveLength(13);
      expect(laboratory.mostRunning).toBeLessThanOrEqual(3);
    }
  }
});

test('a Job that vanished before its end is made again under the same name, and old metrics are not its result', async () => {
  let deleted: string | undefined;
  const honest = laboratory.program;
  laboratory.program = async (trial) => {
    const { name } = trial.job.metadata;
    if (deleted === undefined) {
      deleted = name;
      // It had published, but its end was never seen: somebody deleted it.
      await trial.write(trial.env.MYELIN_METRICS_PATH!, '{"validation_accuracy": 1000}');
      return { reason: 'Deleted' };
    }
    if (name === deleted) expect(laboratory.has(trial.env.MYELIN_METRICS_PATH!)).toBe(false);
    return honest(trial);
  };
  laboratory.onSleep = async () => {
    const job = deleted === undefined ? undefined : laboratory.kube.find('Job', deleted);
    if (job?.status?.conditions?.[0].reason === 'Deleted') await laboratory.kube.client('default').remove({ apiVersion: 'batch/v1', kind: 'Job', plural: 'jobs' }, deleted!);
  };
  await laboratory.tune();
  expect(messages('trial started').filter(({ job }) => job === deleted)).toHaveLength(2);
  expect((await summary()).trials.every(({ metrics }: any) => metrics.validation_accuracy < 1)).toBe(true);
});

test('two at once, as when a step is started again because its pod was lost from sight, make each trial once', async () => {
  await laboratory.tune();
  const undisturbed = await laboratory.text(laboratory.at('study/summary.json'));
  await laboratory.close();
  laboratory = await Laboratory.open();
  await Promise.allSettled([laboratory.tune(), laboratory.tune()]);
  // One may have pulled the files of the winner from under the other: then that is started again.
  await laboratory.tune();
  expect(await laboratory.text(laboratory.at('study/summary.json'))).toBe(undisturbed);
  expect(laboratory.kube.all('Job')).toHaveLength(13);
});

test('a Job that is being removed keeps its room until it is gone', async () => {
  let polls = 0;
  laboratory.onSleep = () => {
    const [job] = laboratory.running();
    if (polls++ === 0) laboratory.kube.edit('Job', job!.metadata.name, ({ metadata }) => { metadata.deletionTimestamp = '2026-01-01T00:00:00Z'; });
  };
  await laboratory.tune();
  expect(laboratory.mostRunning).toBe(3);
  expect(laboratory.kube.all('Job')).toHaveLength(13);
});

test('an outage of the API of minutes is waited for', async () => {
  let calls = 0;
  laboratory.kube.onCall = ({ when }) => {
    if (when === 'before' && ++calls % 3 !== 0) throw new Error('connection refused');
  };
  await laboratory.tune();
  expect(laboratory.kube.all('Job')).toHaveLength(13);
  expect(messages('the API did not answer, asking again').length).toBeGreaterThan(10);
});

test('fails, worth another try, if the API stays away', async () => {
  laboratory.kube.onCall = () => { throw new Error('connection refused'); };
  await expect(laboratory.tune()).rejects.toThrow('connection refused');
});

test('a create whose answer was lost is not done twice', async () => {
  let creates = 0;
  laboratory.kube.onCall = ({ verb, when }) => {
    if (verb === 'create' && when === 'after' && ++creates % 2 === 1) throw new Error('connection reset');
  };
  await laboratory.tune();
  expect(laboratory.kube.all('Job')).toHaveLength(13);
  expect(laboratory.mostRunning).toBeLessThanOrEqual(3);
});

test('fails if a Job of another run has the name of a trial', async () => {
  await laboratory.tune();
  const [job] = laboratory.kube.all('Job');
  job!.metadata.annotations!['myelin.io/run'] = 'another';
  job!.metadata.labels!['myelin.io/run'] = 'another';
  await laboratory.close();
  laboratory = await Laboratory.open();
  laboratory.kube.put(job!);
  await expect(laboratory.tune()).rejects.toMatchObject({ code: 'MYELIN_TUNING_JOB_FOREIGN', permanent: false });
});

test('asked to stop, it starts no more trials, leaves those that run, and is worth another try', async () => {
  const stopping = new AbortController();
  laboratory.onSleep = () => stopping.abort();
  await expect(laboratory.tune({ signal: stopping.signal })).rejects.toMatchObject({ code: 'MYELIN_TUNING_INTERRUPTED', permanent: false });
  expect(laboratory.kube.all('Job')).toHaveLength(3);
  expect(laboratory.running()).toHaveLength(2);
  laboratory.onSleep = () => undefined;
  await laboratory.tune();
  expect(laboratory.kube.all('Job')).toHaveLength(13);
});

test('it looks often after a change and seldom when nothing happens', async () => {
  const waits: number[] = [];
  const stopping = new AbortController();
  laboratory.paused = true;
  laboratory.onSleep = (milliseconds) => {
    waits.push(milliseconds);
    if (waits.length === 20) stopping.abort();
  };
  await expect(laboratory.tune({ signal: stopping.signal })).rejects.toThrow('asked to stop');
  expect(waits[0]).toBe(100);
  expect(waits.slice(0, 4).every((wait) => wait <= 500)).toBe(true);
  expect(Math.max(...waits)).toBe(2000);
});

test('a run with a thousand Jobs does not keep the API busy: it waits longer than a look takes', async () => {
  const waits: number[] = [];
  laboratory.kube.onCall = ({ verb, when }) => {
    if (verb === 'list' && when === 'before') laboratory.time += 1500;
  };
  laboratory.onSleep = (milliseconds) => { waits.push(milliseconds); };
  await laboratory.tune();
  expect(Math.min(...waits)).toBe(5 * 1500);
});

test('a damaged record is not taken for a result: it fails and says what to do', async () => {
  await laboratory.write(laboratory.at('trials/0_0_0/.myelin/0/result.json'), '{"contract":1,');
  await expect(laboratory.tune()).rejects.toThrow(/result\.json' .* must be JSON, remove it and the trial runs again/);
});

describe('the study', () => {
  const change = (difference: Partial<StudyDocument>) => laboratory.apply({ ...STUDY, ...difference });
  const firstJob = () => laboratory.kube.all('Job')[0]!.spec.template.spec.containers[0];

  test('its placeholders are filled in with what the run and the step were given', async () => {
    await change({
      trial: {
        ...STUDY.trial,
        args: ['--workers={{workflow.parameters.workers}}'],
        env: [{ name: 'DATA_PATH_prepare', value: '{{inputs.parameters.folder-prepare}}' }, { name: 'LIVE_MODEL_PATH', value: '{{inputs.parameters.live}}' }],
      },
    });
    const args = { 'folder-prepare': `${STORE}/digits/prepare/${RUN}`, 'live': '', 'image': 'registry/train@sha256:12' };
    await laboratory.tune({ args, env: { MYELIN_PARAMETERS: '[{"name":"workers","value":"4"}]' } });
    expect(firstJob()).toMatchObject({ image: 'registry/train@sha256:12', args: expect.arrayContaining(['--workers=4']) });
    expect(firstJob().env).toEqual(expect.arrayContaining([
      { name: 'DATA_PATH_prepare', value: `${STORE}/digits/prepare/${RUN}` }, { name: 'LIVE_MODEL_PATH', value: '' },
    ]));
  });

  test('a document that is applied while the run is at work changes its concurrency, and nothing else', async () => {
    const stopping = new AbortController();
    laboratory.onSleep = () => stopping.abort();
    await expect(laboratory.tune({ signal: stopping.signal })).rejects.toThrow();
    laboratory.onSleep = () => undefined;
    await change({ concurrency: 5, seed: 12, budgets: { min: 1, max: 9, eta: 3, round: true } });
    await laboratory.tune();
    const { trials, seed } = await summary();
    expect([trials.length, seed, laboratory.mostRunning]).toEqual([13, 11, 5]);
    expect(messages('the study document was changed since this run began, which goes on with what it began with')).toHaveLength(1);
  });

  test('without a seed the run\'s name is the seed, and it is recorded', async () => {
    const { seed: _, ...seedless } = STUDY;
    await laboratory.apply(seedless);
    await laboratory.tune();
    const { seed } = await laboratory.json(laboratory.at('study/study.json'));
    expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32).toBe(true);
    const { trials } = await summary();
    await laboratory.close();
    laboratory = await Laboratory.open(seedless);
    await laboratory.tune();
    expect(await summary()).toMatchObject({ seed, trials });
  });

  test('fails for good if it names an algorithm that the contract does not have', async () => {
    await change({ algorithm: 'bohb' } as unknown as Partial<StudyDocument>);
    await expect(laboratory.tune()).rejects.toMatchObject({ code: 'MYELIN_DOCUMENT_INVALID', permanent: true });
    expect(laboratory.has(laboratory.at('study/study.json'))).toBe(false);
  });

  test('fails for good if it is of another task', async () => {
    await laboratory.apply({ ...STUDY, task: 'train' });
    await laboratory.write(`${laboratory.folder}/contract/study-other/study.json`, JSON.stringify(STUDY));
    await expect(laboratory.tune({ args: { task: 'other' } })).rejects.toMatchObject({
      message: "'--task' (other) must be the task of the study document (train), synthesise and apply the axon again", permanent: true,
    });
  });

  test('random search tries as many configurations as it says, each with the largest budget', async () => {
    const { brackets: _, ...study } = STUDY;
    await laboratory.apply({ ...study, algorithm: 'random', trials: 5, budgets: { min: 4, max: 4, eta: 3, round: false } });
    await laboratory.tune();
    const { trials } = await summary();
    expect(trials.map(({ config, budget }: any) => [config, budget])).toEqual([0, 1, 2, 3, 4].map((number) => [`0_0_${number}`, 4]));
  });
});
