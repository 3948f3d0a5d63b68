import type { Release } from '../contract/documents.js';
import { timeOf } from '../shared/time.js';

/** How long a deployment may go on, in milliseconds: its step has an hour, and may be made again. One that was lost for good stays in the history. */
const DEPLOYING = 2 * 3600 * 1000;

/** Versions that are live, newest first, by deployed model. */
export function liveVersions(releases: readonly Release[]): Record<string, string[]> {
  const live: Record<string, string[]> = {};
  for (const { model, version } of releases.filter(({ state }) => state === 'live')) {
    live[model] = [...(Object.hasOwn(live, model) ? live[model]! : []), version];
  }
  return live;
}

/** The version of a model that is being deployed, if there is one. */
export function deployingVersion(releases: readonly Release[], model: string | undefined, now: number): Release | undefined {
  return releases.find((release) => release.model === model && release.state === 'deploying' && timeOf(release.at) > now - DEPLOYING);
}
