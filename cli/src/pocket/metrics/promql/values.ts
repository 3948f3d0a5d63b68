import type { Labels } from './labels.js';
import type { Matcher } from './matcher.js';
import type { Point, Window } from './rates.js';

/** One value of an instant vector. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The samples of one series within a window. */
export interface Series {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

/** Where samples come from. Bounds are Unix milliseconds, the start is not part of the window. */
export interface SeriesSource {
  /** The samples of each matching series within the window; series without any are left out. */
  range(matchers: readonly Matcher[], window: Window): Series[];
  /** The newest sample of each matching series within the window; none of a series that went stale after it. */
  instant(matchers: readonly Matcher[], window: Window): (Sample & { readonly t: number })[];
}
