package dev.sweeprunner.train.data;

/** Lays a row's tokens out as inputs, targets and compartments. Belongs to one thread. */
final class RowBuilder {
  private final Vocabulary vocabulary;
  private final RowLayout plain;
  private final RowLayout translation;
  private final int[] outputs;

  /** For rows as long as {@code translation} lays them out. */
  RowBuilder(Vocabulary vocabulary, RowLayout translation) {
    this.vocabulary = vocabulary;
    this.plain = RowLayout.plain(translation.length());
    this.translation = translation;
    this.outputs = new int[translation.length()];
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Positions of a row. */
  int length() {
    return plain.length();
  }

  /** How many base tokens a row of this kind takes of each of its compartments. */
  int tokens(RowKind kind) {
    return kind.translation() ? translation.count() : plain.count();
  }

  /**
   * Writes one row. A target is the output id of the next position, the last one is ignored.
   *
   * @param source the base tokens of the source, at least {@link #tokens} of them
   * @param destination likewise; not read for a plain row
   */
  void build(RowKind kind, int[] source, int[] destination, Batch batch, int row) {
    RowLayout layout = kind.translation() ? translation : plain;
    int length = layout.length();
    int start = row * length;
    for (int position = 0; position < length; position++) {
      boolean second = layout.isDestination(position);
      int compartment = second ? kind.dst() : kind.src();
      batch.compartments()[start + position] = compartment;
      if (layout.opens(position)) {
        batch.inputs()[start + position] = vocabulary.translationToken();
        outputs[position] = vocabulary.translationToken();
      } else {
        int token = (second ? destination : source)[layout.token(position)];
        batch.inputs()[start + position] = vocabulary.input(token, compartment);
        outputs[position] = vocabulary.output(token, compartment);
      }
    }
    System.arraycopy(outputs, 1, batch.targets(), start, length - 1);
    batch.targets()[start + length - 1] = Batch.IGNORED;
  }
}
