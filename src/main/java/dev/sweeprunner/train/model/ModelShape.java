package dev.sweeprunner.train.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides a model's parameters and arithmetic.
 *
 * @param layers blocks
 * @param heads attention heads; divides {@code embd}, into an even head size where {@code rope}
 * @param embd C, features per token
 * @param blockSize T, tokens per row
 * @param vocabulary rows of the head: all ids that inputs and targets can have (the composite
 *     vocabulary; its last id is the translation token)
 * @param baseVocabulary V, tokens of one compartment
 * @param compartments rows of the compartment embedding; 0 for none
 * @param bias whether linear maps and LayerNorms have biases; the head never has
 * @param tied the head uses the token embedding's matrix
 * @param sharedTokens the input embedding has V + 1 rows: id mod V, and the translation token last.
 *     Not together with {@code tied}
 * @param rope rotary positions instead of learned ones
 * @param ropeBase base of the rotary angles
 * @param dropout share of the numbers that a training pass drops: of the embedding's sum, of the
 *     attention's weights, and of what each block adds to the residual stream; in [0, 1)
 * @param untied where compartments share ids: the base tokens that each compartment behind the
 *     first has ids of its own for, one compartment's behind the other's from V on; else empty
 * @param adversary discriminators, or null for none
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
    double ropeBase,
    double dropout,
    List<Integer> untied,
    @Nullable Adversary adversary) {

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
    require(dropout >= 0 && dropout < 1, "dropout in [0, 1)");
  }

  /** A shape without dropout. */
  public ModelShape(
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
    this(
        layers,
        heads,
        embd,
        blockSize,
        vocabulary,
        baseVocabulary,
        compartments,
        bias,
        tied,
        sharedTokens,
        rope,
        ropeBase,
        0,
        List.of(),
        null);
  }

  /** This shape with dropout. */
  public ModelShape dropping(double share) {
    return new ModelShape(
        layers,
        heads,
        embd,
        blockSize,
        vocabulary,
        baseVocabulary,
        compartments,
        bias,
        tied,
        sharedTokens,
        rope,
        ropeBase,
        share,
        untied,
        adversary);
  }

  /** This shape with discriminators. */
  public ModelShape against(@Nullable Adversary discriminators) {
    return new ModelShape(
        layers,
        heads,
        embd,
        blockSize,
        vocabulary,
        baseVocabulary,
        compartments,
        bias,
        tied,
        sharedTokens,
        rope,
        ropeBase,
        dropout,
        untied,
        discriminators);
  }

  /** This shape with a vocabulary in which compartments share the ids of all other tokens. */
  public ModelShape sharing(int ids, List<Integer> untiedTokens) {
    return new ModelShape(
        layers,
        heads,
        embd,
        blockSize,
        ids,
        baseVocabulary,
        compartments,
        bias,
        tied,
        sharedTokens,
        rope,
        ropeBase,
        dropout,
        untiedTokens,
        adversary);
  }

  /** Features per head. */
  public int headSize() {
    return embd / heads;
  }

  /** Compartments that tokens are told to be of, by an embedding or to discriminators; 0 if not. */
  int toldCompartments() {
    return adversary == null ? compartments : Math.max(compartments, adversary.compartments());
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
    return id == vocabulary - 1 ? baseVocabulary : baseToken(id);
  }

  /** The base token of an id of the composite vocabulary other than the translation token. */
  public int baseToken(int id) {
    return id < baseVocabulary || untied.isEmpty()
        ? id % baseVocabulary
        : untied.get((id - baseVocabulary) % untied.size());
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("a model needs " + rule);
    }
  }
}
