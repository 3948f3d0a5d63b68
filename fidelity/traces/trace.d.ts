// The records in this folder: what real engines did, which tests replay. fidelity/cluster writes them.

export type Texts = Readonly<Record<string, string>>;

/** A node of a Workflow. Other nodes are given by name, parameters by theirs. */
export interface TracedNode {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly templateName: string;
  readonly templateScope: string;
  readonly boundary?: string;
  readonly flag?: { readonly hooked?: boolean; readonly retried?: boolean };
  readonly phase: string;
  readonly message?: string;
  readonly children?: readonly string[];
  readonly outbound?: readonly string[];
  readonly inputs?: Texts;
  readonly outputs?: Texts;
  readonly exitCode?: string;
  /** Name of its Pod; absent when the record has no Pods. */
  readonly pod?: string;
}

export interface TracedWorkflow {
  readonly name: string;
  readonly labels: Texts;
  readonly spec: { readonly arguments?: { readonly parameters?: readonly { readonly name: string; readonly value?: string | number | boolean }[] } };
  /** Its arguments and those of its template, in the order in which the engine joined them. */
  readonly parameters?: Texts;
  readonly phase: string;
  readonly message?: string;
  readonly progress: string;
  readonly nodes: readonly TracedNode[];
}

/** `loops/<axon>.json`: a whole loop on a real cluster, see fidelity/cluster/trace.mjs. */
export interface Trace {
  readonly axon: string;
  readonly namespace: string;
  /** Their versions. */
  readonly engines: Texts;
  readonly ledger: object;
  readonly releases: { readonly releases: readonly { readonly model: string; readonly version: string }[] };
  /** What each revision of the ledger and the release history changed. */
  readonly transitions: readonly (readonly string[])[];
  /** Kind and name of each object that deployments left. */
  readonly applied: readonly string[];
  /** Those that had finished, in order of creation. */
  readonly workflows: readonly TracedWorkflow[];
}

/** A node in `behaviours/workflows.json`; a parameter without a value is null. */
export interface BehaviourNode extends Omit<TracedNode, 'templateScope' | 'inputs' | 'outputs'> {
  readonly inputs?: Readonly<Record<string, string | null>>;
  readonly outputs?: Readonly<Record<string, string | null>>;
}

/** A Workflow in `behaviours/workflows.json`, see fidelity/cluster/behaviours.sh; a deleted one has only `left`. */
export interface BehaviourWorkflow {
  readonly name: string;
  readonly labels?: Texts;
  readonly phase?: string;
  readonly message?: string;
  readonly progress?: string;
  readonly conditions?: readonly string[];
  readonly nodes?: readonly BehaviourNode[];
  /** What is left some time after its end or deletion. */
  readonly left?: { readonly workflow: boolean; readonly pods: number };
}

/** A call to the API server. */
export interface Right {
  readonly program: string;
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Absent where a Role cannot fix it. */
  readonly name?: string;
}

/** `rights.json`: the calls of each program, see fidelity/cluster/rights.sh. */
export interface RightsTrace {
  readonly allowed: readonly Right[];
  readonly refused: readonly Right[];
}
