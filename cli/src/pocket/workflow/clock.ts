/** The time of day and a timer, which tests put forward. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after so many milliseconds; returns how to take that back. */
  after(milliseconds: number, call: () => void): () => void;
}

/** setTimeout takes no more; whoever waits longer looks once too often. */
const LONGEST = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  after: (milliseconds, call) => {
    const timer = setTimeout(call, Math.min(milliseconds, LONGEST));
    return () => clearTimeout(timer);
  },
};
