import { IServiceAccount } from 'cdk8s-plus-27';
import { reservedAccounts } from '../loop/names';
import { invalid, requireValid } from '../problem/error';
import { ProblemDetail } from '../problem/problem';
import { dnsSubdomainProblem } from '../validate/dns';

/**
 * The name of a service account that a property refers to.
 *
 * @param axon the name of the axon whose user code runs under the account
 */
export function existingAccount(axon: string, account: IServiceAccount): string {
  userAccount(axon, 'serviceAccount', account.name, dnsSubdomainProblem(account.name));
  return account.name;
}

/** Rejects an account under which user code must not run. */
export function userAccount(axon: string, prop: string, name: string, problem: ProblemDetail | undefined): void {
  requireValid(prop, name, problem);
  if (reservedAccounts(axon).includes(name)) {
    throw invalid('reserved', prop, name, "is the account of one of the loop's own steps, with its permissions", 'use another account');
  }
}
