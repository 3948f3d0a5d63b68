// Clients of one address: node play.mjs STORE URL STREAM…   A stream that ends in `:quiet` is sent without its truths.
import { Clients } from '../../cli/dist/demo/clients.js';
import { readStreams } from '../../cli/dist/demo/stream.js';

const [store, url, ...names] = process.argv.slice(2);
const streams = readStreams(store);
for (const name of names) {
  const [stream, quiet] = name.split(':');
  const clients = new Clients(url, new AbortController().signal);
  const { answered, correct, failed } = await clients.send(streams[stream], { rate: 20, ...(quiet === undefined && { truthAfter: 500 }) });
  console.log(`  ${stream}: ${answered} answers, accuracy ${(correct / answered).toFixed(3)}, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
