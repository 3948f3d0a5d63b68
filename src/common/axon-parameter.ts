/** A parameter of an axon. Its value is fixed when a run starts: a REST call can set it if the sensor allows that. */
export class AxonParameter {
  /** @internal */
  public static _of(name: string): AxonParameter {
    return new AxonParameter(name);
  }

  private constructor(
    /** The name of the parameter. */
    public readonly parameterName: string,
  ) {}

  /**
   * A reference to the value, for the environment variables and arguments of tasks and model servers. It can stand inside a longer text. Argo
   * Workflows replaces it when the run starts.
   */
  public get valueAsString(): string {
    return `{{workflow.parameters.${this.parameterName}}}`;
  }
}
