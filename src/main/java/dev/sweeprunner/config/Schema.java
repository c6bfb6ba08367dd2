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
  /** The only place of a field's type, default, choices and meaning; in canonical order. */
  private static final List<Field> FIELDS =
      numbered(
          of("data.compartment_train_bins", TEXTS, null)
              .means(
                  "Training tokens of each compartment: patterns, synthetic:uniform or :frequency.",
                  "one per compartment; source pretokenized"),
          of("data.compartment_val_bins", TEXTS, null)
              .means(
                  "Validation tokens of each compartment, likewise; a loss of each.",
                  "one per compartment; source pretokenized"),
          of("data.source", TEXT, "pretokenized", "pretokenized", "uniform")
              .means("Token files, or random tokens."),
          of("data.train_bin", TEXT, "")
              .means(
                  "Pattern of the training shards.",
                  "given where source is pretokenized and no compartment_train_bins are"),
          of("data.uniform_seed", LONG, 0L)
              .means("Seed of the random tokens; 0 becomes training.seed."),
          of("data.val_bin", TEXT, null)
              .means("Pattern of the validation shards; no validation data: no evaluation."),
          of("distributed.backend", TEXT, "nccl").means("Ignored."),
          of("experiment.assignment_seed", LONG, 0L)
              .means("Ignored: training.seed takes its place."),
          of("experiment.compartment_scaling", TEXT, "equal", "equal", "unequal")
              .means("Compartments get equal shares of the rows, or 1 : 2 : 3 ..."),
          of("experiment.copy_compartment_embeddings", BOOLEAN, false)
              .means("Token embeddings start as the first compartment's; with offsets."),
          of("experiment.copy_compartment_id_embeddings", BOOLEAN, false)
              .means("Compartment embeddings start as the first one."),
          of("experiment.copy_compartment_lm_head", BOOLEAN, false)
              .means("Rows of the head start as the first compartment's; with offsets."),
          of("experiment.dann_disc_hidden", INT, 0L)
              .means("Features within a discriminator; 0: as model.n_embd.", "at least 0"),
          of("experiment.dann_lambda", DOUBLE, 0.0)
              .means(
                  "Factor on the reversed gradient; 0: no DANN.",
                  "at least 0; 0 without dann_layers"),
          of("experiment.dann_layers", TEXT, "")
              .means("Blocks with a discriminator of compartments, as 0,3.", "below model.n_layer"),
          of("experiment.max_compartments", INT, null)
              .means(
                  "How many compartments the sweep's points have at most.", "required; at least 1"),
          of("experiment.n_compartments", INT, 2L)
              .means("Compartments: copies of the vocabulary.", "1 to experiment.max_compartments"),
          of("experiment.permute_input_tokens_per_compartment", BOOLEAN, true)
              .means("Whether inputs are permuted as the targets are."),
          of("experiment.permute_tokens_per_compartment", BOOLEAN, true)
              .means("A permutation of the ids per compartment; else offsets."),
          of("experiment.shared_token_embeddings", BOOLEAN, false)
              .means("One token embedding for all compartments.", "not with model.weight_tying"),
          of("experiment.token_tying_freq_shards", INT, 1L)
              .means(
                  "Training shards whose tokens are counted.", "at least 1, where tokens are tied"),
          of("experiment.token_tying_mode", TEXT, "none", "none", "top_k", "bottom_k")
              .means("Ties the most (top) or least frequent tokens of compartments."),
          of("experiment.token_tying_ratio", DOUBLE, 0.0)
              .means("The most of all counted tokens that stays untied, as a share.", "0 to 1"),
          of("experiment.translation_chunk_size", INT, 4L)
              .means(
                  "Tokens of a compartment at a time in interleaved rows.",
                  "at least 1; at most model.block_size - 2"),
          of("experiment.translation_mode", TEXT, "standard", "standard", "interleaved")
              .means(
                  "Translations: one half after the other, or in turns.",
                  "interleaved: source uniform"),
          of("experiment.translation_ratio", DOUBLE, 0L)
              .means(
                  "Share of translation rows.",
                  "at least 0; absolute: at most 1; above 0: two compartments"),
          of("experiment.translation_ratio_mode", TEXT, "compartment", "compartment", "absolute")
              .means("The ratio is to one compartment's rows, or of all rows."),
          of("experiment.use_compartment_embeddings", BOOLEAN, false)
              .means("A learned vector per compartment is added to the input."),
          of("init.init_from", TEXT, "scratch")
              .means(
                  "First weights: the seed's, GPT-2's, or a file's.",
                  "scratch, gpt2, gpt2-medium, gpt2-large, gpt2-xl, a .safetensors file"),
          of("job.config_file", TEXT, null)
              .means("Ignored; the sweep file's command names the TOML."),
          of("logging.checkpoint_folder", TEXT, "out").means("Ignored."),
          of("logging.log_folder", TEXT, "out").means("Ignored."),
          of("logging.wandb_buffer", BOOLEAN, false).means("As --wandb-buffer."),
          of("logging.wandb_group", TEXT, null).means("W&B's group; none: the sweep's name."),
          of("logging.wandb_log", BOOLEAN, false)
              .means("Whether W&B is told, where no --wandb says it."),
          of("logging.wandb_notes", TEXT, null).means("Notes at W&B."),
          of("logging.wandb_project", TEXT, "owt")
              .means("W&B's project; owt: the sweep's.", "the sweep's, if both are given"),
          of("logging.wandb_run_name", TEXT, "gpt2")
              .means("Name at W&B; sweep and gpt2 mean none."),
          of("lr.warmup_iters", LONG, 1000L)
              .means("Updates until the learning rate is reached, linearly.", "at least 0"),
          of("model.base_vocab_size", INT, null).means("Computed; refused where given.", "null"),
          of("model.bias", BOOLEAN, false).means("Biases in linear layers and LayerNorms."),
          of("model.block_size", INT, 1024L)
              .means("Tokens of a row.", "at least 2; with standard translations even, at least 4"),
          of("model.copy_compartment_embeddings", BOOLEAN, false)
              .means("Twin of experiment's, which is read; refused where true."),
          of("model.copy_compartment_id_embeddings", BOOLEAN, false)
              .means("Twin of experiment's, which is read; refused where true."),
          of("model.copy_compartment_lm_head", BOOLEAN, false)
              .means("Twin of experiment's, which is read; refused where true."),
          of("model.dropout", DOUBLE, 0.0)
              .means("Share of the numbers that training drops.", "at least 0, below 1"),
          of("model.embedding_vocab_size", INT, null)
              .means("Computed; refused where given.", "null"),
          of("model.max_compartments", INT, null)
              .means("Twin of experiment's, which is read; refused where given.", "null"),
          of("model.n_embd", INT, 768L)
              .means("Width of the residual stream.", "a multiple of model.n_head"),
          of("model.n_head", INT, 12L).means("Attention heads.", "at least 1"),
          of("model.n_layer", INT, 12L).means("Blocks.", "at least 1"),
          of("model.rope_base", DOUBLE, 10000.0).means("Base of the rotation's wavelengths."),
          of("model.shared_token_embeddings", BOOLEAN, false)
              .means("Twin of experiment's, which is read; refused where true."),
          of("model.size_tier", TEXT, null, "8-32", "8-64", "8-128", "8-256")
              .means("LAYERS-WIDTH: sets n_layer, n_embd, n_head and the batch."),
          of("model.translation_token_id", INT, null)
              .means("Computed; refused where given.", "null"),
          of("model.use_compartment_embeddings", BOOLEAN, false)
              .means("Twin of experiment's, which is read; refused where true."),
          of("model.use_rope", BOOLEAN, false)
              .means("Rotary positions in place of learned ones.", "an even head size"),
          of("model.vocab_size", INT, null)
              .means("Tokens of one compartment.", "required; at least 1"),
          of("model.weight_tying", BOOLEAN, true)
              .means("The head uses the token embedding's matrix."),
          of("optimizer.beta1", DOUBLE, 0.9).means("Of AdamW.", "at least 0, below 1"),
          of("optimizer.beta2", DOUBLE, 0.999).means("Of AdamW.", "at least 0, below 1"),
          of("optimizer.grad_clip", DOUBLE, 1.0)
              .means("The largest global gradient norm; 0: no clipping.", "at least 0"),
          of("optimizer.learning_rate", DOUBLE, 0.05).means("Of AdamW, after the warm-up."),
          of("optimizer.weight_decay", DOUBLE, 0L).means("Of AdamW, on matrices only."),
          of("system.compile", BOOLEAN, true).means("Ignored."),
          of("system.device", TEXT, "cuda").means("Ignored: --device says it."),
          of("system.dtype", TEXT, "auto")
              .means("Format of matrix products; auto is float32.", "float32, bfloat16, auto"),
          of("training.always_save_checkpoint", BOOLEAN, true).means("Ignored."),
          of("training.batch_size", INT, 12L)
              .means("Rows of a micro-batch, and of an evaluation's batch.", "at least 1"),
          of("training.eval_interval", LONG, 2000L)
              .means("Updates between evaluations; such checkpoints are kept.", "at least 1"),
          of("training.eval_iters", INT, 200L).means("Batches of an evaluation.", "at least 1"),
          of("training.eval_only", BOOLEAN, false).means("Not built; refused where true."),
          of("training.gradient_accumulation_steps", INT, 40L)
              .means("Micro-batches of an update.", "at least 1"),
          of("training.log_interval", LONG, 1L).means("Updates between rows.", "at least 1"),
          of("training.max_iters", LONG, 600_000L).means("Updates of a run.", "at least 0"),
          of("training.seed", LONG, 1024L).means("Seed of everything that is drawn."));

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
        initial,
        "",
        "");
  }

  private static List<Field> numbered(Field... fields) {
    return IntStream.range(0, fields.length).mapToObj(i -> fields[i].at(i)).toList();
  }
}
