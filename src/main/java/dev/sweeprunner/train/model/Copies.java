package dev.sweeprunner.train.model;

/**
 * Which tables begin with the first compartment's rows in the place of every compartment's. The
 * translation token's row, and all that the first compartment has, stay as they are without copies;
 * training then moves each row for itself.
 *
 * @param base rows of one compartment in a table of tokens
 * @param compartments how many
 * @param tokens the input embedding; where the head is tied to it, both
 * @param head the head's own matrix
 * @param ids the compartment embedding
 */
public record Copies(int base, int compartments, boolean tokens, boolean head, boolean ids) {
  /** Every row its own numbers. */
  public static final Copies NONE = new Copies(1, 1, false, false, false);

  /** Writes the copies into the first values of the parameter of this name; no other changes. */
  void into(float[] values, String parameter, int columns, ModelShape shape) {
    boolean ofTokens =
        (tokens && parameter.equals(ParameterLayout.TOKENS))
            || (head && parameter.equals(ParameterLayout.HEAD));
    for (int id = base; ofTokens && id < shape.vocabulary() - 1; id++) {
      copy(values, shape.baseToken(id), id, columns);
    }
    boolean ofCompartments = ids && parameter.equals(ParameterLayout.COMPARTMENTS);
    for (int c = 1; ofCompartments && c < compartments; c++) {
      copy(values, 0, c, columns);
    }
  }

  private static void copy(float[] values, int from, int to, int columns) {
    System.arraycopy(values, from * columns, values, to * columns, columns);
  }
}
