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
  void into(float[] values, String parameter, int columns) {
    int rows =
        switch (parameter) {
          case ParameterLayout.TOKENS -> tokens ? base : 0;
          case ParameterLayout.HEAD -> head ? base : 0;
          case ParameterLayout.COMPARTMENTS -> ids ? 1 : 0;
          default -> 0;
        };
    int length = rows * columns;
    for (int c = 1; c < compartments && length > 0; c++) {
      System.arraycopy(values, 0, values, c * length, length);
    }
  }
}
