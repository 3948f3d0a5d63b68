import { bodyOf, encodedBody } from '../../src/sensing/body.js';
import { seenEvents } from '../../src/sensing/wake.js';
import { contractJson } from '../fixtures.js';
import { axonOf, called, sensorOf, START } from '../ledger/loop.js';

interface Recorded {
  readonly parameter: string;
  readonly sensors: readonly {
    readonly default: string;
    readonly cases: readonly { readonly title: string; readonly event: string; readonly handed: string; readonly gate: 'given' | 'default' | 'refused' }[];
  }[];
}

const { parameter, sensors }: Recorded = contractJson('fixtures', 'call-parameters.json');
const AXON = axonOf(
  { name: 'call', triggers: called('refresh'), runs: [['prepare']], parameters: [parameter] },
  { name: 'other', triggers: called('refresh'), runs: [['prepare']] },
);

/** The parameters that the gate of a sensor finds in a call. */
function found(body: string, sensor = 'call'): Record<string, string> | undefined {
  const woken = { axon: AXON, sensor: sensorOf(AXON, sensor), body: bodyOf(encodedBody(body)), delivery: 'rest-refresh/1', uid: 'uid-1', now: START };
  return seenEvents(woken)[0]!.event.parameters;
}

describe.each(sensors)("the gate finds what Argo Events has handed on where the default is '$default':", ({ cases }) => {
  test.each(cases.filter(({ gate }) => gate === 'given'))('$title', ({ event, handed }) => expect(found(event)).toEqual({ [parameter]: handed }));
  test.each(cases.filter(({ gate }) => gate === 'default'))('the default for $title', ({ event }) => expect(found(event)).toBeUndefined());
  test.each(cases.filter(({ gate }) => gate === 'refused'))('nothing, and fails for good, for $title', ({ event }) => {
    expect(() => found(event)).toThrow(expect.objectContaining({ code: 'MYELIN_PARAMETER_UNFIT', permanent: true }));
  });
});

test('fails if Argo would read a value as its own, with the value and what to do', () => {
  expect(() => found('{"country":"{{=1+1}}"}')).toThrow(
    "'country' (\"{{=1+1}}\") must have no two opening braces in a row, none at its end, no '$(' or '$$', no control characters, no characters beyond U+FFFF and not be '<no value>', send a reference to where it lies");
});

test('fails at all sensors that wait for the call, so that none records what another refuses', () => {
  expect(() => found('{"country":"{{x}}"}', 'other')).toThrow("'country' (\"{{x}}\") must have no two opening braces in a row");
});

test('a field of a list is none, even if the list has it', () => {
  const axon = axonOf({ name: 'call', triggers: called('refresh'), runs: [['prepare']], parameters: ['length'] });
  expect(seenEvents({ axon, sensor: sensorOf(axon, 'call'), body: '[1,2]', delivery: 'd', uid: 'u', now: START })[0]!.event).not.toHaveProperty('parameters');
});
