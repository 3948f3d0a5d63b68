import type { Release } from '../contract/documents.js';

/** Versions that are live, newest first, by deployed model. */
export function liveVersions(releases: readonly Release[]): Record<string, string[]> {
  const live: Record<string, string[]> = {};
  for (const { model, version } of releases.filter(({ state }) => state === 'live')) {
    live[model] = [...(Object.hasOwn(live, model) ? live[model]! : []), version];
  }
  return live;
}
