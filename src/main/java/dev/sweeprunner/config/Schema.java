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
    private String section = "";

    List<Field> build() {
      section = "job";
      add("config_file", TEXT, null);
      section = "init";
      add("init_from", TEXT, "scratch");
      section = "lr";
      add("warmup_iters", LONG, 1000L);
      section = "distributed";
      add("backend", TEXT, "nccl");
      section = "system";
      add("device", TEXT, "cuda");
      add("dtype", TEXT, "auto");
      add("compile", BOOLEAN, true);
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
      section = "data";
      oneOf("source", "pretokenized", "uniform");
      add("train_bin", TEXT, "");
      add("val_bin", TEXT, null);
      add("uniform_seed", LONG, 0L);
      add("compartment_train_bins", TEXTS, null);
      add("compartment_val_bins", TEXTS, null);
    }

    private void model() {
      section = "model";
      add("n_layer", INT, 12L);
      add("n_head", INT, 12L);
      add("n_embd", INT, 768L);
      add("block_size", INT, 1024L);
      add("dropout", DOUBLE, 0.0);
      add("bias", BOOLEAN, false);
      add("weight_tying", BOOLEAN, true);
      fields.add(new Field(0, section, "size_tier", TEXT, true, SIZE_TIERS, null));
      add("embedding_vocab_size", INT, null);
      add("shared_token_embeddings", BOOLEAN, false);
      add("use_compartment_embeddings", BOOLEAN, false);
      add("base_vocab_size", INT, null);
      add("max_compartments", INT, null);
      add("translation_token_id", INT, null);
      add("copy_compartment_embeddings", BOOLEAN, false);
      add("copy_compartment_lm_head", BOOLEAN, false);
      add("copy_compartment_id_embeddings", BOOLEAN, false);
      add("vocab_size", INT, null);
      add("use_rope", BOOLEAN, false);
      add("rope_base", DOUBLE, 10000.0);
    }

    private void optimizer() {
      section = "optimizer";
      add("learning_rate", DOUBLE, 0.05);
      add("weight_decay", DOUBLE, 0L);
      add("beta1", DOUBLE, 0.9);
      add("beta2", DOUBLE, 0.999);
      add("grad_clip", DOUBLE, 1.0);
    }

    private void training() {
      section = "training";
      add("max_iters", LONG, 600_000L);
      add("gradient_accumulation_steps", INT, 40L);
      add("batch_size", INT, 12L);
      add("eval_interval", LONG, 2000L);
      add("log_interval", LONG, 1L);
      add("eval_iters", INT, 200L);
      add("eval_only", BOOLEAN, false);
      add("seed", LONG, 1024L);
      add("always_save_checkpoint", BOOLEAN, true);
    }

    private void logging() {
      section = "logging";
      add("wandb_log", BOOLEAN, false);
      add("wandb_project", TEXT, "owt");
      add("wandb_run_name", TEXT, "gpt2");
      add("wandb_group", TEXT, null);
      add("wandb_notes", TEXT, null);
      add("log_folder", TEXT, "out");
      add("checkpoint_folder", TEXT, "out");
      add("wandb_buffer", BOOLEAN, false);
    }

    private void experiment() {
      section = "experiment";
      add("n_compartments", INT, 2L);
      oneOf("compartment_scaling", "equal", "unequal");
      add("translation_ratio", DOUBLE, 0L);
      oneOf("translation_ratio_mode", "compartment", "absolute");
      add("assignment_seed", LONG, 0L);
      add("max_compartments", INT, null);
      add("shared_token_embeddings", BOOLEAN, false);
      add("use_compartment_embeddings", BOOLEAN, false);
      add("copy_compartment_embeddings", BOOLEAN, false);
      add("copy_compartment_lm_head", BOOLEAN, false);
      add("copy_compartment_id_embeddings", BOOLEAN, false);
      add("permute_tokens_per_compartment", BOOLEAN, true);
      add("permute_input_tokens_per_compartment", BOOLEAN, true);
      oneOf("translation_mode", "standard", "interleaved");
      add("translation_chunk_size", INT, 4L);
      add("dann_lambda", DOUBLE, 0.0);
      add("dann_layers", TEXT, "");
      add("dann_disc_hidden", INT, 0L);
      oneOf("token_tying_mode", "none", "top_k", "bottom_k");
      add("token_tying_ratio", DOUBLE, 0.0);
      add("token_tying_freq_shards", INT, 1L);
    }

    private void add(String name, Field.Kind kind, @Nullable Object initial) {
      fields.add(new Field(0, section, name, kind, initial == null, List.of(), initial));
    }

    /** The first choice is the default. */
    private void oneOf(String name, String... choices) {
      fields.add(new Field(0, section, name, TEXT, false, List.of(choices), choices[0]));
    }
  }
}
