package dev.sweeprunner.train.model;

/**
 * What decides a model's parameters and arithmetic.
 *
 * @param layers blocks
 * @param heads attention heads; divides {@code embd}, into an even head size where {@code rope}
 * @param embd C, features per token
 * @param blockSize T, tokens per row
 * @param vocabulary rows of the head: all ids that inputs and targets can have (the composite
 *     vocabulary; its last id is the translation token)
 * @param baseVocabulary V, ids of one compartment; only read where {@code sharedTokens}
 * @param compartments rows of the compartment embedding; 0 for none
 * @param bias whether linear maps and LayerNorms have biases; the head never has
 * @param tied the head uses the token embedding's matrix
 * @param sharedTokens the input embedding has V + 1 rows: id mod V, and the translation token last.
 *     Not together with {@code tied}
 * @param rope rotary positions instead of learned ones
 * @param ropeBase base of the rotary angles
 */
public record ModelShape(
    int layers,
    int heads,
    int embd,
    int blockSize,
    int vocabulary,
    int baseVocabulary,
    int compartments,
    boolean bias,
    boolean tied,
    boolean sharedTokens,
    boolean rope,
    double ropeBase) {

  /**
   * @throws IllegalArgumentException for a shape that no model can have
   */
  public ModelShape {
    require(layers > 0 && heads > 0 && embd > 0 && blockSize > 0 && vocabulary > 0, "sizes > 0");
    require(compartments >= 0, "compartments >= 0");
    require(embd % heads == 0, "n_head divides n_embd");
    require(!rope || embd / heads % 2 == 0, "an even head size for rotary positions");
    require(!(tied && sharedTokens), "no weight tying with shared token embeddings");
    require(!sharedTokens || baseVocabulary > 0, "base vocabulary > 0");
  }

  /** Features per head. */
  public int headSize() {
    return embd / heads;
  }

  /** Rows of the input embedding. */
  public int inputRows() {
    return sharedTokens ? baseVocabulary + 1 : vocabulary;
  }

  /** The row of the input embedding that belongs to an id of the composite vocabulary. */
  int inputRow(int id) {
    if (!sharedTokens) {
      return id;
    }
    return id == vocabulary - 1 ? baseVocabulary : id % baseVocabulary;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("a model needs " + rule);
    }
  }
}
