import { ArgoTemplate } from '../../crd/argo-workflows';
import { ContractDocument } from '../config-map';
import { Account } from '../rbac';

/** One step of a run: the template of a program, the accounts with the permissions that it needs, and the documents that it reads. */
export interface Step {
  readonly template: ArgoTemplate;
  readonly accounts: Account[];
  readonly documents: ContractDocument[];
}
