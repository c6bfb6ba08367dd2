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

  private record Tier(ConfigValue layers, ConfigValue channels, ConfigValue heads, Batch batch) {
    static Tier of(long layers, long channels) {
      return new Tier(
          ConfigValue.of(layers),
          ConfigValue.of(channels),
          ConfigValue.of(channels / CHANNELS_PER_HEAD),
          Batch.of(EFFECTIVE_BATCH / 4));
    }
  }

  private record Batch(ConfigValue size, ConfigValue accumulation) {
    static Batch of(long size) {
      return new Batch(ConfigValue.of(size), ConfigValue.of(EFFECTIVE_BATCH / size));
    }

    void apply(ConfigValues values) {
      values.set(BATCH_SIZE, size);
      values.set(ACCUMULATION, accumulation);
    }
  }

  /** Applies tier, batch and seeds, in this order, to a config whose overrides are in place. */
  static void apply(ConfigValues values) {
    @Nullable Tier tier = TIERS.get(values.text(SIZE_TIER));
    if (tier != null) {
      values.set(N_LAYER, tier.layers());
      values.set(N_EMBD, tier.channels());
      values.set(N_HEAD, tier.heads());
      tier.batch().apply(values);
    }
    if (values.number(VOCAB_SIZE) == BPE_VOCAB && !values.truth(PERMUTE)) {
      @Nullable Batch batch = bpeBatch(values.whole(N_EMBD), values.whole(N_COMPARTMENTS));
      if (batch != null) {
        batch.apply(values);
      }
    }
    values.set(ASSIGNMENT_SEED, values.get(SEED));
    if (values.number(UNIFORM_SEED) == 0) {
      values.set(UNIFORM_SEED, values.get(SEED));
    }
  }

  private static @Nullable Batch bpeBatch(long channels, long compartments) {
    if (channels == 256) {
      return WIDE.get(compartments);
    }
    return channels == 32 || channels == 64 || channels == 128 ? NARROW.get(compartments) : null;
  }
}
