import { error, Problem } from '../problem/problem';
import { labelKeyProblem, labelValueProblem } from '../validate/dns';

/** What is wrong with the labels of the nodes that a container may run on. @internal */
export function placementProblems(path: string, nodeSelector: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(nodeSelector).flatMap(([label, value]) => [labelKeyProblem(label), labelValueProblem(value)]
    .flatMap((found) => (found === undefined ? []
      : [error(path, found.code, 'nodeSelector', `${label}: ${value}`, found.rule, found.remedy, { item: label })])));
}
