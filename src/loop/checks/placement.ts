import { error, Problem } from '../../problem/problem';
import { isExtendedResource, requestExceedsLimit, resourceProblem } from '../../validate/quantity';
import { suggest } from '../../validate/suggest';
import { ResourcesData } from '../container';

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** Checks the requests and limits of a container. Those of a program have been checked when it set them. */
export function resourceProblems(path: string, { requests = {}, limits = {} }: ResourcesData): Problem[] {
  const found: Problem[] = [];
  for (const [side, quantities] of Object.entries({ requests, limits })) {
    for (const [name, quantity] of Object.entries(quantities)) {
      const problem = resourceProblem(name, quantity);
      if (problem !== undefined) {
        found.push(error(path, problem.code, `resources.${side}.${name}`, quantity, problem.rule, problem.remedy));
      }
      if (isExtendedResource(name) && side === 'requests' && limits[name] !== quantity) {
        found.push(error(path, 'resource-limit', `resources.requests.${name}`, quantity, 'is an extended resource, which needs an equal limit',
          "write it under 'limits' alone"));
      }
      if (!isExtendedResource(name) && !STANDARD.test(name)) {
        found.push(error(path, 'unknown-resource', `resources.${side}.${name}`, quantity, 'is of a resource that Kubernetes does not know',
          suggest(name, ['cpu', 'memory', 'ephemeral-storage'])));
      }
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit !== undefined && found.length === 0 && requestExceedsLimit(request, limit)) {
      found.push(error(path, 'resource-limit', `resources.requests.${name}`, request, `exceeds its limit of ${limit}`, 'lower it or raise the limit'));
    }
  }
  return found;
}
