package dev.sweeprunner.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that follow from others: size tiers, the batch of bpe16384 models, mirrored seeds. */
final class Presets {
  private static final Field SIZE_TIER = Schema.field("model.size_tier");
  private static final Field N_LAYER = Schema.field("model.n_layer");
  private static final Field N_EMBD = Schema.field("model.n_embd");
  private static final Field N_HEAD = Schema.field("model.n_head");
  private static final Field VOCAB_SIZE = Schema.field("model.vocab_size");
  private static final Field BATCH_SIZE = Schema.field("training.batch_size");
  private static final Field ACCUMULATION = Schema.field("training.gradient_accumulation_steps");
  private static final Field SEED = Schema.field("training.seed");
  private static final Field ASSIGNMENT_SEED = Schema.field("experiment.assignment_seed");
  private static final Field UNIFORM_SEED = Schema.field("data.uniform_seed");
  private static final Field N_COMPARTMENTS = Schema.field("experiment.n_compartments");
  private static final Field PERMUTE = Schema.field("experiment.permute_tokens_per_compartment");

  private static final int CHANNELS_PER_HEAD = 32;
  private static final int BPE_VOCAB = 16_384;
  private static final int EFFECTIVE_BATCH = 2048;

  private static final Map<String, Tier> TIERS =
      Map.of(
          "8-32", Tier.of(8, 32),
          "8-64", Tier.of(8, 64),
          "8-128", Tier.of(8, 128),
          "8-256", Tier.of(8, 256));

  /** Micro-batch by number of compartments: narrow models, and those of 256 channels. */
  private static final Map<Long, Batch> NARROW =
      Map.of(
          2L, Batch.of(2048),
          3L, Batch.of(2048),
          4L, Batch.of(1024),
          5L, Batch.of(1024),
          8L, Batch.of(512),
          16L, Batch.of(256));

  private static final Map<Long, Batch> WIDE =
      Map.of(
          2L, Batch.of(1024),
          3L, Batch.of(2048),
          4L, Batch.of(512),
          5L, Batch.of(1024),
          8L, Batch.of(256),
          16L, Batch.of(128));

  private Presets() {}

  private record Tier(Cell layers, Cell channels, Cell heads, Batch batch) {
    static Tier of(long layers, long channels) {
      return new Tier(
          Cell.of(layers),
          Cell.of(channels),
          Cell.of(channels / CHANNELS_PER_HEAD),
          Batch.of(EFFECTIVE_BATCH / 4));
    }
  }

  private record Batch(Cell size, Cell accumulation) {
    static Batch of(long size) {
      return new Batch(Cell.of(size), Cell.of(EFFECTIVE_BATCH / size));
    }

    void apply(Cells cells) {
      cells.set(BATCH_SIZE, size);
      cells.set(ACCUMULATION, accumulation);
    }
  }

  /** Applies tier, batch and seeds, in this order, to a config whose overrides are in place. */
  static void apply(Cells cells) {
    @Nullable Tier tier = TIERS.get(cells.text(SIZE_TIER));
    if (tier != null) {
      cells.set(N_LAYER, tier.layers());
      cells.set(N_EMBD, tier.channels());
      cells.set(N_HEAD, tier.heads());
      tier.batch().apply(cells);
    }
    if (cells.number(VOCAB_SIZE) == BPE_VOCAB && !cells.truth(PERMUTE)) {
      @Nullable Batch batch = bpeBatch(cells.whole(N_EMBD), cells.whole(N_COMPARTMENTS));
      if (batch != null) {
        batch.apply(cells);
      }
    }
    cells.set(ASSIGNMENT_SEED, cells.get(SEED));
    if (cells.number(UNIFORM_SEED) == 0) {
      cells.set(UNIFORM_SEED, cells.get(SEED));
    }
  }

  private static @Nullable Batch bpeBatch(long channels, long compartments) {
    if (channels == 256) {
      return WIDE.get(compartments);
    }
    return channels == 32 || channels == 64 || channels == 128 ? NARROW.get(compartments) : null;
  }
}
