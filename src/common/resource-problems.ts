import { message } from '../private/errors';
import { suggest } from '../private/suggest';
import { requestExceedsLimit, resourceProblem } from '../validate/quantity';
import { ComputeResources } from './compute-resources';

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** What is wrong with a container's resources. @internal */
export function resourceProblems(resources: ComputeResources): string[] {
  const { requests = {}, limits = {} } = resources;
  const found: string[] = [];
  for (const [side, quantities] of Object.entries({ requests, limits })) {
    for (const [name, quantity] of Object.entries(quantities)) {
      const problem = resourceProblem(name, quantity);
      if (problem !== undefined) {
        found.push(message(`resources.${side}.${name}`, quantity, problem.rule, problem.remedy));
      }
      if (extended(name) && side === 'requests' && limits[name] !== quantity) {
        found.push(message(`resources.requests.${name}`, quantity, 'is an extended resource, which needs an equal limit', "write it under 'limits' alone"));
      }
      if (!extended(name) && !STANDARD.test(name)) {
        found.push(message(`resources.${side}.${name}`, quantity, 'is of a resource that Kubernetes does not know',
          suggest(name, ['cpu', 'memory', 'ephemeral-storage'])));
      }
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && found.length === 0 && requestExceedsLimit(request, limit)) {
      found.push(message(`resources.requests.${name}`, request, `exceeds its limit of ${limit}`, 'lower it or raise the limit'));
    }
  }
  return found;
}

function extended(name: string): boolean {
  return name.includes('/') && !name.startsWith('kubernetes.io/');
}
