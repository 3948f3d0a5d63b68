export interface Books {
  readonly ledger?: object;
  readonly releases?: object;
}

export function transitions(before: Books, after: Books): string[];
