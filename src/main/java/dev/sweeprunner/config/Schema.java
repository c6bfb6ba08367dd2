package dev.sweeprunner.config;

import static dev.sweeprunner.config.Field.Kind.BOOLEAN;
import static dev.sweeprunner.config.Field.Kind.DOUBLE;
import static dev.sweeprunner.config.Field.Kind.INT;
import static dev.sweeprunner.config.Field.Kind.LONG;
import static dev.sweeprunner.config.Field.Kind.TEXT;
import static dev.sweeprunner.config.Field.Kind.TEXTS;

import dev.sweeprunner.problem.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The identity schema, version 1: which fields a config has, their types and defaults.
 *
 * <p>Run ids hash every field, so nothing here may change: not a name, not a default, not whether a
 * default is written {@code 0} or {@code 0.0}. A field added later must stay out of the canonical
 * JSON where it has its default.
 */
final class Schema {
  private static final List<String> SIZE_TIERS = List.of("8-32", "8-64", "8-128", "8-256");
  private static final List<Field> FIELDS = new Builder().build();
  private static final Map<String, Field> BY_KEY = byKey();
  private static final Set<String> SECTIONS = sectionsOf(FIELDS);

  private Schema() {}

  /** All fields in canonical order; {@code fields().get(i).index() == i}. */
  static List<Field> fields() {
    return FIELDS;
  }

  /** The section names in canonical order. */
  static Set<String> sections() {
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

  private static Map<String, Field> byKey() {
    Map<String, Field> fields = new HashMap<>();
    FIELDS.forEach(field -> fields.put(field.key(), field));
    return fields;
  }

  private static Set<String> sectionsOf(List<Field> fields) {
    Set<String> sections = new LinkedHashSet<>();
    fields.forEach(field -> sections.add(field.section()));
    return sections;
  }

  /** Lists the fields section by section, then puts them in canonical order. */
  private static final class Builder {
    private final List<Field> fields = new ArrayList<>();

    List<Field> build() {
      Section job = new Section("job", fields);
      job.add("config_file", TEXT, null);
      Section init = new Section("init", fields);
      init.add("init_from", TEXT, "scratch");
      Section lr = new Section("lr", fields);
      lr.add("warmup_iters", LONG, 1000L);
      Section distributed = new Section("distributed", fields);
      distributed.add("backend", TEXT, "nccl");
      Section system = new Section("system", fields);
      system.add("device", TEXT, "cuda");
      system.add("dtype", TEXT, "auto");
      system.add("compile", BOOLEAN, true);
      data();
      model();
      optimizer();
      training();
      logging();
      experiment();
      fields.sort(Comparator.comparing(Field::section).thenComparing(Field::name));
      List<Field> ordered = new ArrayList<>();
      for (Field f : fields) {
        ordered.add(
            new Field(
                ordered.size(),
                f.section(),
                f.name(),
                f.kind(),
                f.nullable(),
                f.choices(),
                f.initial()));
      }
      return List.copyOf(ordered);
    }

    private void data() {
      Section data = new Section("data", fields);
      data.oneOf("source", "pretokenized", "uniform");
      data.add("train_bin", TEXT, "");
      data.add("val_bin", TEXT, null);
      data.add("uniform_seed", LONG, 0L);
      data.add("compartment_train_bins", TEXTS, null);
      data.add("compartment_val_bins", TEXTS, null);
    }

    private void model() {
      Section model = new Section("model", fields);
      model.add("n_layer", INT, 12L);
      model.add("n_head", INT, 12L);
      model.add("n_embd", INT, 768L);
      model.add("block_size", INT, 1024L);
      model.add("dropout", DOUBLE, 0.0);
      model.add("bias", BOOLEAN, false);
      model.add("weight_tying", BOOLEAN, true);
      model.oneOfOrNull("size_tier", SIZE_TIERS);
      model.add("embedding_vocab_size", INT, null);
      model.add("shared_token_embeddings", BOOLEAN, false);
      model.add("use_compartment_embeddings", BOOLEAN, false);
      model.add("base_vocab_size", INT, null);
      model.add("max_compartments", INT, null);
      model.add("translation_token_id", INT, null);
      model.add("copy_compartment_embeddings", BOOLEAN, false);
      model.add("copy_compartment_lm_head", BOOLEAN, false);
      model.add("copy_compartment_id_embeddings", BOOLEAN, false);
      model.add("vocab_size", INT, null);
      model.add("use_rope", BOOLEAN, false);
      model.add("rope_base", DOUBLE, 10000.0);
    }

    private void optimizer() {
      Section optimizer = new Section("optimizer", fields);
      optimizer.add("learning_rate", DOUBLE, 0.05);
      optimizer.add("weight_decay", DOUBLE, 0L);
      optimizer.add("beta1", DOUBLE, 0.9);
      optimizer.add("beta2", DOUBLE, 0.999);
      optimizer.add("grad_clip", DOUBLE, 1.0);
    }

    private void training() {
      Section training = new Section("training", fields);
      training.add("max_iters", LONG, 600_000L);
      training.add("gradient_accumulation_steps", INT, 40L);
      training.add("batch_size", INT, 12L);
      training.add("eval_interval", LONG, 2000L);
      training.add("log_interval", LONG, 1L);
      training.add("eval_iters", INT, 200L);
      training.add("eval_only", BOOLEAN, false);
      training.add("seed", LONG, 1024L);
      training.add("always_save_checkpoint", BOOLEAN, true);
    }

    private void logging() {
      Section logging = new Section("logging", fields);
      logging.add("wandb_log", BOOLEAN, false);
      logging.add("wandb_project", TEXT, "owt");
      logging.add("wandb_run_name", TEXT, "gpt2");
      logging.add("wandb_group", TEXT, null);
      logging.add("wandb_notes", TEXT, null);
      logging.add("log_folder", TEXT, "out");
      logging.add("checkpoint_folder", TEXT, "out");
      logging.add("wandb_buffer", BOOLEAN, false);
    }

    private void experiment() {
      Section experiment = new Section("experiment", fields);
      experiment.add("n_compartments", INT, 2L);
      experiment.oneOf("compartment_scaling", "equal", "unequal");
      experiment.add("translation_ratio", DOUBLE, 0L);
      experiment.oneOf("translation_ratio_mode", "compartment", "absolute");
      experiment.add("assignment_seed", LONG, 0L);
      experiment.add("max_compartments", INT, null);
      experiment.add("shared_token_embeddings", BOOLEAN, false);
      experiment.add("use_compartment_embeddings", BOOLEAN, false);
      experiment.add("copy_compartment_embeddings", BOOLEAN, false);
      experiment.add("copy_compartment_lm_head", BOOLEAN, false);
      experiment.add("copy_compartment_id_embeddings", BOOLEAN, false);
      experiment.add("permute_tokens_per_compartment", BOOLEAN, true);
      experiment.add("permute_input_tokens_per_compartment", BOOLEAN, true);
      experiment.oneOf("translation_mode", "standard", "interleaved");
      experiment.add("translation_chunk_size", INT, 4L);
      experiment.add("dann_lambda", DOUBLE, 0.0);
      experiment.add("dann_layers", TEXT, "");
      experiment.add("dann_disc_hidden", INT, 0L);
      experiment.oneOf("token_tying_mode", "none", "top_k", "bottom_k");
      experiment.add("token_tying_ratio", DOUBLE, 0.0);
      experiment.add("token_tying_freq_shards", INT, 1L);
    }
  }

  /** Adds the fields of one section to the list of all. */
  private record Section(String name, List<Field> fields) {
    void add(String field, Field.Kind kind, @Nullable Object initial) {
      fields.add(new Field(0, name, field, kind, initial == null, List.of(), initial));
    }

    /** The first choice is the default. */
    void oneOf(String field, String... choices) {
      fields.add(new Field(0, name, field, TEXT, false, List.of(choices), choices[0]));
    }

    void oneOfOrNull(String field, List<String> choices) {
      fields.add(new Field(0, name, field, TEXT, true, choices, null));
    }
  }
}
