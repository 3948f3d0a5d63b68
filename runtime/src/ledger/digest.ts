/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. A parameter, because the ledger's core imports nothing of node. */
export type Digest = (text: string) => string;

/** Whether UTF-8 can hold a text: no half of a surrogate pair. Hashing would silently turn all halves into one replacement character. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
