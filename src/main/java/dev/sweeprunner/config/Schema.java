package dev.sweeprunner.config;

import static dev.sweeprunner.config.Field.Kind.BOOLEAN;
import static dev.sweeprunner.config.Field.Kind.DOUBLE;
import static dev.sweeprunner.config.Field.Kind.INT;
import static dev.sweeprunner.config.Field.Kind.LONG;
import static dev.sweeprunner.config.Field.Kind.TEXT;
import static dev.sweeprunner.config.Field.Kind.TEXTS;

import dev.sweeprunner.problem.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The identity schema, version 1: which fields a config has, their types and defaults.
 *
 * <p>Run ids hash every field, so nothing here may change: not a name, not a default, not whether a
 * default is written {@code 0} or {@code 0.0}. A field added later must stay out of the canonical
 * JSON where it has its default.
 */
final class Schema {
  /** The only place of a field's type, default and choices; in canonical order. */
  private static final List<Field> FIELDS =
      numbered(
          of("data.compartment_train_bins", TEXTS, null),
          of("data.compartment_val_bins", TEXTS, null),
          of("data.source", TEXT, "pretokenized", "pretokenized", "uniform"),
          of("data.train_bin", TEXT, ""),
          of("data.uniform_seed", LONG, 0L),
          of("data.val_bin", TEXT, null),
          of("distributed.backend", TEXT, "nccl"),
          of("experiment.assignment_seed", LONG, 0L),
          of("experiment.compartment_scaling", TEXT, "equal", "equal", "unequal"),
          of("experiment.copy_compartment_embeddings", BOOLEAN, false),
          of("experiment.copy_compartment_id_embeddings", BOOLEAN, false),
          of("experiment.copy_compartment_lm_head", BOOLEAN, false),
          of("experiment.dann_disc_hidden", INT, 0L),
          of("experiment.dann_lambda", DOUBLE, 0.0),
          of("experiment.dann_layers", TEXT, ""),
          of("experiment.max_compartments", INT, null),
          of("experiment.n_compartments", INT, 2L),
          of("experiment.permute_input_tokens_per_compartment", BOOLEAN, true),
          of("experiment.permute_tokens_per_compartment", BOOLEAN, true),
          of("experiment.shared_token_embeddings", BOOLEAN, false),
          of("experiment.token_tying_freq_shards", INT, 1L),
          of("experiment.token_tying_mode", TEXT, "none", "none", "top_k", "bottom_k"),
          of("experiment.token_tying_ratio", DOUBLE, 0.0),
          of("experiment.translation_chunk_size", INT, 4L),
          of("experiment.translation_mode", TEXT, "standard", "standard", "interleaved"),
          of("experiment.translation_ratio", DOUBLE, 0L),
          of("experiment.translation_ratio_mode", TEXT, "compartment", "compartment", "absolute"),
          of("experiment.use_compartment_embeddings", BOOLEAN, false),
          of("init.init_from", TEXT, "scratch"),
          of("job.config_file", TEXT, null),
          of("logging.checkpoint_folder", TEXT, "out"),
          of("logging.log_folder", TEXT, "out"),
          of("logging.wandb_buffer", BOOLEAN, false),
          of("logging.wandb_group", TEXT, null),
          of("logging.wandb_log", BOOLEAN, false),
          of("logging.wandb_notes", TEXT, null),
          of("logging.wandb_project", TEXT, "owt"),
          of("logging.wandb_run_name", TEXT, "gpt2"),
          of("lr.warmup_iters", LONG, 1000L),
          of("model.base_vocab_size", INT, null),
          of("model.bias", BOOLEAN, false),
          of("model.block_size", INT, 1024L),
          of("model.copy_compartment_embeddings", BOOLEAN, false),
          of("model.copy_compartment_id_embeddings", BOOLEAN, false),
          of("model.copy_compartment_lm_head", BOOLEAN, false),
          of("model.dropout", DOUBLE, 0.0),
          of("model.embedding_vocab_size", INT, null),
          of("model.max_compartments", INT, null),
          of("model.n_embd", INT, 768L),
          of("model.n_head", INT, 12L),
          of("model.n_layer", INT, 12L),
          of("model.rope_base", DOUBLE, 10000.0),
          of("model.shared_token_embeddings", BOOLEAN, false),
          of("model.size_tier", TEXT, null, "8-32", "8-64", "8-128", "8-256"),
          of("model.translation_token_id", INT, null),
          of("model.use_compartment_embeddings", BOOLEAN, false),
          of("model.use_rope", BOOLEAN, false),
          of("model.vocab_size", INT, null),
          of("model.weight_tying", BOOLEAN, true),
          of("optimizer.beta1", DOUBLE, 0.9),
          of("optimizer.beta2", DOUBLE, 0.999),
          of("optimizer.grad_clip", DOUBLE, 1.0),
          of("optimizer.learning_rate", DOUBLE, 0.05),
          of("optimizer.weight_decay", DOUBLE, 0L),
          of("system.compile", BOOLEAN, true),
          of("system.device", TEXT, "cuda"),
          of("system.dtype", TEXT, "auto"),
          of("training.always_save_checkpoint", BOOLEAN, true),
          of("training.batch_size", INT, 12L),
          of("training.eval_interval", LONG, 2000L),
          of("training.eval_iters", INT, 200L),
          of("training.eval_only", BOOLEAN, false),
          of("training.gradient_accumulation_steps", INT, 40L),
          of("training.log_interval", LONG, 1L),
          of("training.max_iters", LONG, 600_000L),
          of("training.seed", LONG, 1024L));

  private static final Map<String, Field> BY_KEY =
      FIELDS.stream().collect(Collectors.toMap(Field::key, field -> field));
  private static final List<String> SECTIONS =
      FIELDS.stream().map(Field::section).distinct().toList();

  private Schema() {}

  /** All fields in canonical order; {@code fields().get(i).index() == i}. */
  static List<Field> fields() {
    return FIELDS;
  }

  /** The section names in canonical order. */
  static List<String> sections() {
    return SECTIONS;
  }

  /** The field with this dotted key, or null. */
  static @Nullable Field find(String key) {
    return BY_KEY.get(key);
  }

  /** The field with this dotted key, which is known to be there. */
  static Field field(String key) {
    Field field = BY_KEY.get(key);
    if (field == null) {
      throw new IllegalArgumentException(key);
    }
    return field;
  }

  /** The dotted key that an unknown one most likely means: same name elsewhere, else by letters. */
  static Optional<String> nearest(String unknown) {
    String name = unknown.substring(unknown.lastIndexOf('.') + 1);
    List<String> moved =
        FIELDS.stream().filter(f -> f.name().equals(name)).map(Field::key).toList();
    return moved.isEmpty()
        ? Nearest.to(unknown, BY_KEY.keySet())
        : Nearest.to(unknown, moved).or(() -> Optional.of(moved.get(0)));
  }

  /** A null default means that null is a value; of choices the first is the default. */
  private static Field of(
      String key, Field.Kind kind, @Nullable Object initial, String... choices) {
    int dot = key.indexOf('.');
    return new Field(
        -1,
        key.substring(0, dot),
        key.substring(dot + 1),
        kind,
        initial == null,
        List.of(choices),
        initial);
  }

  private static List<Field> numbered(Field... fields) {
    return IntStream.range(0, fields.length).mapToObj(i -> fields[i].at(i)).toList();
  }
}
