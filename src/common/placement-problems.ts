import { message } from '../private/errors';
import { labelKeyProblem, labelValueProblem } from '../validate/dns';

/** What is wrong with the labels of the nodes that a container may run on. @internal */
export function placementProblems(nodeSelector: Readonly<Record<string, string>>): string[] {
  return Object.entries(nodeSelector).flatMap(([label, value]) => [labelKeyProblem(label), labelValueProblem(value)]
    .flatMap((fault) => (fault === undefined ? [] : [message('nodeSelector', `${label}: ${value}`, fault.rule, fault.remedy)])));
}
