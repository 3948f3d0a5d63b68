// Generated from the schemas, data and code in contract/. Do not edit: run `node contract/generate.mjs`.
/* eslint-disable */

type Labels = Readonly<Record<string, string>>;

/** The labels of pods, by origin. */
export interface LabelSources {
  /** Labels of all objects of the owner. */
  readonly shared?: Labels;
  /** Labels among the options of these pods. */
  readonly pod?: Labels;
  /** Labels that the loop sets, some of which select the pods. */
  readonly loop?: Labels;
}

/** The labels of pods: options of the pods replace labels of the owner, and no option replaces a label of the loop. */
export function joinedLabels({ shared, pod, loop }: LabelSources): Record<string, string> {
  return { ...shared, ...pod, ...loop };
}
