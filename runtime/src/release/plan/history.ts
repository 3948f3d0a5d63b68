import type { Release, ReleaseDocument } from '../../contract/documents.js';
import { MyelinError } from '../../shared/errors.js';

/** Releases that a history holds, as its schema says. */
const MOST_RELEASES = 100;

/** Characters of a release's `why`, as its schema says. */
const LONGEST_WHY = 500;

/** Stands between why a release was begun and why it failed. */
const FAILED = '; failed: ';

/** A step of a history: the document after it, the same one when nothing changed, and the release as it is in it. */
export interface Transition {
  readonly next: ReleaseDocument;
  readonly result: Release;
}

/** The history of an axon that has released nothing. */
export function noReleases({ axon, namespace }: Pick<ReleaseDocument, 'axon' | 'namespace'>): ReleaseDocument {
  return { contract: 1, axon, namespace, releases: [] };
}

/** The live releases of a model, newest first: the place of each is its generation. */
export function liveReleases({ releases }: ReleaseDocument, model: string): Release[] {
  return releases.filter((release) => release.model === model && release.state === 'live');
}

/** Place of a version among the live ones of its model: 0 the newest, undefined when it is not live. */
export function generationOf(history: ReleaseDocument, model: string, version: string): number | undefined {
  const place = liveReleases(history, model).findIndex((release) => release.version === version);
  return place < 0 ? undefined : place;
}

/** A version of a model; undefined when it was never begun, or long ago. */
export function releaseOf({ releases }: ReleaseDocument, model: string, version: string): Release | undefined {
  return releases.find((release) => release.model === model && release.version === version);
}

/**
 * Begins a release: it becomes the newest, and those of its model that are still deploying give way to it.
 * One that was begun before is left where it stands, with what it was begun with.
 */
export function begin(history: ReleaseDocument, release: Release): Transition {
  const begun = releaseOf(history, release.model, release.version);
  if (begun !== undefined) return { next: history, result: begun };
  const older = history.releases.map((other): Release => (
    other.model === release.model && other.state === 'deploying' ? { ...other, state: 'superseded' } : other
  ));
  return { next: { ...history, releases: capped([release, ...older]) }, result: release };
}

/** A release that is ready becomes live, unless it gave way meanwhile; the oldest live ones beyond `retention` retire. */
export function goLive(history: ReleaseDocument, model: string, version: string, retention: number): Transition {
  const changed = history.releases.map((release): Release => (
    release.model === model && release.version === version && release.state === 'deploying' ? { ...release, state: 'live' } : release
  ));
  const kept = new Set(changed.filter((release) => release.model === model && release.state === 'live').slice(0, retention));
  const releases = changed.map((release): Release => (
    release.model === model && release.state === 'live' && !kept.has(release) ? { ...release, state: 'retired' } : release
  ));
  return transition(history, releases, model, version);
}

/** A release that never became ready: no traffic goes to it. One that is live or gave way stays so. */
export function fail(history: ReleaseDocument, model: string, version: string, reason: string): Transition {
  const releases = history.releases.map((release): Release => {
    if (release.model !== model || release.version !== version || release.state !== 'deploying') return release;
    return { ...release, state: 'failed', why: `${release.why}${FAILED}${reason}`.slice(0, LONGEST_WHY) };
  });
  return transition(history, releases, model, version);
}

/** Why a release that failed did. */
export function whyFailed({ why }: Release): string {
  return why.slice(why.indexOf(FAILED) + FAILED.length);
}

function transition(history: ReleaseDocument, releases: readonly Release[], model: string, version: string): Transition {
  const changed = releases.some((release, index) => release !== history.releases[index]);
  const next = changed ? { ...history, releases: [...releases] } : history;
  const result = releaseOf(next, model, version);
  if (result === undefined) throw new MyelinError('MYELIN_RELEASE_FORGOTTEN', { version, model });
  return { next, result };
}

/** Forgets the oldest that are over, never one that gets or awaits traffic. */
function capped(releases: readonly Release[]): Release[] {
  const kept = [...releases];
  for (let place = kept.length - 1; place >= 0 && kept.length > MOST_RELEASES; place--) {
    if (kept[place]!.state !== 'live' && kept[place]!.state !== 'deploying') kept.splice(place, 1);
  }
  return kept;
}
