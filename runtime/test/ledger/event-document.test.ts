import type { EventDocument } from '../../src/contract/documents.js';
import { checkDocument } from '../../src/contract/read.js';
import { eventDocument, ledgerEvent } from '../../src/ledger/event-document.js';
import { contractFiles, contractJson } from '../fixtures.js';
import { axonOf, DIGITS } from './loop.js';

test.each(contractFiles('fixtures', 'event'))('the fixture %s survives the ledger', (file) => {
  const document: EventDocument = contractJson('fixtures', 'event', `${file}.json`);
  const axon = axonOf({ name: 'decayed', triggers: [{ kind: 'alert', name: 'decayed', alert: 'DigitsDecayed', expression: 'up < 1' }], runs: [['prepare']] });
  expect(eventDocument(axon, document.id, ledgerEvent(document))).toEqual(document);
});

test('every event of a ledger is a valid document', () => {
  const { events } = contractJson('fixtures', 'ledger', 'digits.json');
  for (const [id, event] of Object.entries<ReturnType<typeof ledgerEvent>>(events)) checkDocument('event', eventDocument(DIGITS, id, event), id);
});
