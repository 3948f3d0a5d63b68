import { nearest } from '../contract/nearest';
import { detail, ProblemDetail } from '../problem/problem';

/** A name of the IANA time zone database, spelt as it is there: the cluster looks it up as a file, where case counts. */
export function timezoneProblem(timezone: string): ProblemDetail | undefined {
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  if (known.includes(timezone)) {
    return undefined;
  }
  if (/^(?:UTC|GMT)?[+-]\d/.test(timezone)) {
    return detail('timezone', 'must be the name of a time zone, not an offset', "write one such as 'Europe/Paris' or 'UTC'");
  }
  const same = known.find((name) => name.toLowerCase() === timezone.toLowerCase());
  // Older names (US/Pacific, Asia/Calcutta) are known without being listed; their words begin in upper case.
  if (same === undefined && /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/.test(timezone) && isKnown(timezone)) {
    return undefined;
  }
  const meant = same ?? nearest(timezone, known) ?? nearest(timezone, known.map((name) => name.slice(name.lastIndexOf('/') + 1)));
  const full = meant === undefined ? undefined : known.find((name) => name === meant || name.endsWith(`/${meant}`));
  return detail('timezone', 'is no time zone of the IANA database', full === undefined ? "write one such as 'Europe/Paris' or 'UTC'" : `did you mean '${full}'`);
}

function isKnown(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }) !== undefined;
  } catch {
    return false;
  }
}
