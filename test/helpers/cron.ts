import { Cron } from 'cdk8s';

/** A schedule of any text, malformed ones included. */
export function cronOf(expressionString: string): Cron {
  return { expressionString };
}
