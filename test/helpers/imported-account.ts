import { IServiceAccount, ServiceAccount } from 'cdk8s-plus-27';
import { testChart } from './manifests';

/** A service account that exists already. */
export function importedAccount(name: string, namespaceName?: string): IServiceAccount {
  return ServiceAccount.fromServiceAccountName(testChart(), 'account', name, { namespaceName });
}
