/** An expression that cannot be read, or asks for what the embedded evaluator does not know. */
export class ExpressionError extends Error {}

/** An expression that cannot be answered over the series there are, as a many-to-many match. */
export class EvaluationError extends Error {}
