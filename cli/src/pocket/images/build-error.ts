/** An image could not be made or found; the message says where, what and what to do. */
export class BuildError extends Error {
  /** Set when building the same again cannot help: what the files say is wrong, or something is missing on this machine. */
  public readonly permanent: boolean;

  constructor(message: string, { permanent = true, cause }: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.permanent = permanent;
  }
}

/** The reason of any error, for a message of ours. */
export function reasonOf(error: unknown): string {
  return (error as Error | undefined)?.message ?? String(error);
}
