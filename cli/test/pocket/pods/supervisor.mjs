// A cluster of pods over the folder argv[2], in a process that a test can kill. Says 'ready' when it runs.
import { register } from 'node:module';

register(new URL('./typescript-loader.mjs', import.meta.url));
const { ObjectStore } = await import('../../../src/pocket/objects/store.ts');
const { PodController } = await import('../../../src/pocket/pods/pod-controller.ts');

const stateDir = process.argv[2];
const log = { info: console.log, warn: console.log };
const objects = ObjectStore.open(`${stateDir}/objects`, log);
const image = { root: '/', workdir: '/', env: {}, entrypoint: [], cmd: [], path: [] };
const pods = new PodController(objects, {
  stateDir, log, images: { resolve: async () => image }, kubeApi: () => ({ url: '', token: () => '' }), serviceProxy: () => '', env: { PATH: process.env.PATH },
});
await pods.start();
console.log('ready');
setInterval(() => undefined, 60_000);
