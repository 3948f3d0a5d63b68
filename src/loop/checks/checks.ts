import { either } from '../../problem/phrase';
import { error, Problem } from '../../problem/problem';
import { derived, Loop } from '../loop';
import { axonProblems } from './axon';
import { modelProblems } from './model';
import { sensorProblems } from './sensor';
import { serverProblems } from './server';
import { taskProblems } from './task';
import { tunerProblems } from './tuner';

/** Everything that is wrong or odd with a loop, part by part. Without an error, manifests can be made of it. */
export const problemsOf = derived((loop: Loop): readonly Problem[] => [
  ...axonProblems(loop),
  ...loop.tasks.flatMap((task) => taskProblems(loop, task)),
  ...loop.servers.flatMap((server) => serverProblems(loop, server)),
  ...loop.tuners.flatMap((tuner) => tunerProblems(loop, tuner)),
  ...loop.models.flatMap((model) => modelProblems(loop, model)),
  ...loop.sensors.flatMap((sensor) => sensorProblems(loop, sensor)),
  ...(loop.sensors.length > 0 ? [] : [
    error(loop.path, 'no-sensors', 'sensors', loop.name, 'are none, so nothing would ever run', either('add a Sensor', 'add a sensor')),
  ]),
]);
