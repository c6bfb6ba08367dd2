package dev.sweeprunner.train.data;

/** Lays a row's tokens out as inputs, targets and compartments. Belongs to one thread. */
final class RowBuilder {
  private final Vocabulary vocabulary;
  private final int[] outputs;

  /** For rows of {@code length} positions. */
  RowBuilder(Vocabulary vocabulary, int length) {
    this.vocabulary = vocabulary;
    this.outputs = new int[length];
  }

  /** How many base tokens a row of this kind consumes. */
  static int tokens(RowKind kind, int length) {
    return kind.translation() ? length / 2 - 1 : length;
  }

  /**
   * Writes one row.
   *
   * <p>A plain row is its T tokens. A translation row is {@code [TRANS] src [TRANS] dst}: the same
   * T/2 - 1 tokens in both compartments, each TRANS of the half it opens. A target is the output id
   * of the next position, the last one is ignored.
   *
   * @param tokens the base tokens, at least {@link #tokens} of them
   */
  void build(RowKind kind, int[] tokens, Batch batch, int row) {
    int length = batch.length();
    int start = row * length;
    if (kind.translation()) {
      int half = length / 2;
      translationToken(kind.src(), batch, start, 0);
      text(kind.src(), tokens, batch, start, 1, half);
      translationToken(kind.dst(), batch, start, half);
      text(kind.dst(), tokens, batch, start, half + 1, length);
    } else {
      text(kind.src(), tokens, batch, start, 0, length);
    }
    System.arraycopy(outputs, 1, batch.targets(), start, length - 1);
    batch.targets()[start + length - 1] = Batch.IGNORED;
  }

  private void translationToken(int compartment, Batch batch, int start, int position) {
    batch.inputs()[start + position] = vocabulary.translationToken();
    batch.compartments()[start + position] = compartment;
    outputs[position] = vocabulary.translationToken();
  }

  private void text(int compartment, int[] tokens, Batch batch, int start, int from, int to) {
    for (int position = from; position < to; position++) {
      int token = tokens[position - from];
      batch.inputs()[start + position] = vocabulary.input(token, compartment);
      batch.compartments()[start + position] = compartment;
      outputs[position] = vocabulary.output(token, compartment);
    }
  }
}
