import { IServiceAccount } from 'cdk8s-plus-27';
import { AxonData } from '../loop/loop';
import { BOOTSTRAP, reservedAccounts } from '../loop/names';
import { invalid, requireValid } from '../problem/error';
import { ProblemDetail } from '../problem/problem';
import { dnsSubdomainProblem } from '../validate/dns';
import { requireSameNamespace } from './same-namespace';

/**
 * The name of a service account that a property refers to.
 *
 * @param axon the axon whose user code runs under the account
 */
export function existingAccount(axon: Pick<AxonData, 'name' | 'namespace'>, account: IServiceAccount): string {
  userAccount(axon.name, 'serviceAccount', account.name, dnsSubdomainProblem(account.name));
  requireSameNamespace('serviceAccount', 'an account', account, axon.namespace);
  return account.name;
}

/** Rejects an account under which user code must not run. */
export function userAccount(axon: string, prop: string, name: string, problem: ProblemDetail | undefined): void {
  requireValid(prop, name, problem);
  if (name === BOOTSTRAP) {
    throw invalid('reserved', prop, name, "is the account of the platform's Job, which can create Secrets", 'use another account');
  }
  if (reservedAccounts(axon).includes(name)) {
    throw invalid('reserved', prop, name, "is the account of one of the loop's own steps, with its permissions", 'use another account');
  }
}
