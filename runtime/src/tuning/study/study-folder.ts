/**
 * Where the files of a run's study lie, as paths of the container. A configuration keeps its folder over promotions, so that it finds its
 * checkpoint; what the loop knows of one trial lies in a folder of its own inside, hidden from the user's code.
 */
export class StudyFolder {
  /** @param run folder of the run, in which the winner is published */
  constructor(readonly run: string) {}

  /** The study as this run began it. */
  get study(): string {
    return `${this.run}/study/study.json`;
  }

  /** All trials and the winner, for people. */
  get summary(): string {
    return `${this.run}/study/summary.json`;
  }

  /** Where the winner's files are made before they appear; gone when all have. */
  get staging(): string {
    return `${this.run}/study/staging`;
  }

  /** Holds the folders of all configurations. */
  get configurations(): string {
    return `${this.run}/trials`;
  }

  configuration(config: string): string {
    return `${this.configurations}/${config}`;
  }

  trial(config: string, rung: number): string {
    return `${this.configuration(config)}/${LOOP_FOLDER}/${rung}`;
  }

  metrics(config: string, rung: number): string {
    return `${this.trial(config, rung)}/metrics.json`;
  }

  dataHash(config: string, rung: number): string {
    return `${this.trial(config, rung)}/data-hash`;
  }

  /** The record: once it is there the trial is over. */
  result(config: string, rung: number): string {
    return `${this.trial(config, rung)}/result.json`;
  }
}

/** Name of the folder that belongs to the loop, in the folder of a configuration. */
export const LOOP_FOLDER = '.myelin';
