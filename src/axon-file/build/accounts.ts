import { IServiceAccount } from 'cdk8s-plus-27';
import { AxonProps } from '../../axon';
import { Words } from '../../problem/render';
import { Report } from '../report';
import { SpecKeys } from '../schema/axon-shape';
import { ServiceAccountKeys } from '../schema/common';
import { existing } from './values';

/** The properties of an axon that choose its account, and the keys that they come from. */
interface AxonAccount {
  readonly props: Pick<AxonProps, 'serviceAccount' | 'serviceAccountName'>;
  readonly words: Words;
}

/** The account of an axon. */
export function axonAccount({ serviceAccount, serviceAccountName, $ }: SpecKeys, report: Report): AxonAccount {
  if ($.has('serviceAccount') && $.has('serviceAccountName')) {
    report.error($.at('serviceAccount'), 'exclusive', 'serviceAccount', 'a map', "contradicts 'serviceAccountName': there is one account", 'remove one of them');
  }
  const { name, create } = serviceAccount ?? {};
  if (name === undefined || create === undefined) {
    return { props: { serviceAccountName: serviceAccountName?.value }, words: { serviceAccountName: 'spec.serviceAccountName' } };
  }
  const words = { serviceAccount: KEY, serviceAccountName: KEY };
  return { props: create.value ? { serviceAccountName: name.value } : { serviceAccount: existing(name.value) }, words };
}

const KEY = 'spec.serviceAccount.name';

/** The account of a task or model server, which must exist. */
export function bodyAccount({ name, create }: ServiceAccountKeys, report: Report): IServiceAccount | undefined {
  if (create?.value === true) {
    report.error(create.place, 'unsupported', 'create', 'true', 'would create an account for one task or model server, which is not supported',
      "create the account with a manifest of its own and write 'create: false'");
  }
  return name && existing(name.value);
}
