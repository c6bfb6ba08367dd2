package dev.sweeprunner.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns checked cells into the typed records of {@link BuiltinConfig}. */
final class TypedConfig {
  private final ConfigValues values;

  private TypedConfig(ConfigValues values) {
    this.values = values;
  }

  /** The typed config with its identity. */
  static BuiltinConfig of(ConfigValues values, String canonicalJson) {
    TypedConfig typed = new TypedConfig(values);
    return new BuiltinConfig(
        new BuiltinConfig.Job(typed.textOrNull("job.config_file")),
        typed.data(),
        typed.model(),
        new BuiltinConfig.Init(typed.text("init.init_from")),
        typed.optimizer(),
        new BuiltinConfig.Lr(typed.whole("lr.warmup_iters")),
        typed.training(),
        new BuiltinConfig.Distributed(typed.text("distributed.backend")),
        new BuiltinConfig.SystemSection(
            typed.text("system.device"), typed.text("system.dtype"), typed.truth("system.compile")),
        typed.logging(),
        typed.experiment(),
        canonicalJson,
        Sha256.of(canonicalJson));
  }

  private BuiltinConfig.Data data() {
    return new BuiltinConfig.Data(
        text("data.source"),
        text("data.train_bin"),
        textOrNull("data.val_bin"),
        whole("data.uniform_seed"),
        texts("data.compartment_train_bins"),
        texts("data.compartment_val_bins"));
  }

  private BuiltinConfig.Model model() {
    return new BuiltinConfig.Model(
        count("model.n_layer"),
        count("model.n_head"),
        count("model.n_embd"),
        count("model.block_size"),
        real("model.dropout"),
        truth("model.bias"),
        truth("model.weight_tying"),
        textOrNull("model.size_tier"),
        countOrNull("model.embedding_vocab_size"),
        truth("model.shared_token_embeddings"),
        truth("model.use_compartment_embeddings"),
        countOrNull("model.base_vocab_size"),
        countOrNull("model.max_compartments"),
        countOrNull("model.translation_token_id"),
        truth("model.copy_compartment_embeddings"),
        truth("model.copy_compartment_lm_head"),
        truth("model.copy_compartment_id_embeddings"),
        countOrNull("model.vocab_size"),
        truth("model.use_rope"),
        real("model.rope_base"));
  }

  private BuiltinConfig.Optimizer optimizer() {
    return new BuiltinConfig.Optimizer(
        real("optimizer.learning_rate"),
        real("optimizer.weight_decay"),
        real("optimizer.beta1"),
        real("optimizer.beta2"),
        real("optimizer.grad_clip"));
  }

  private BuiltinConfig.Training training() {
    return new BuiltinConfig.Training(
        whole("training.max_iters"),
        count("training.gradient_accumulation_steps"),
        count("training.batch_size"),
        whole("training.eval_interval"),
        whole("training.log_interval"),
        count("training.eval_iters"),
        truth("training.eval_only"),
        whole("training.seed"),
        truth("training.always_save_checkpoint"));
  }

  private RunConfig.Logging logging() {
    return new RunConfig.Logging(
        truth("logging.wandb_log"),
        text("logging.wandb_project"),
        text("logging.wandb_run_name"),
        textOrNull("logging.wandb_group"),
        textOrNull("logging.wandb_notes"),
        text("logging.log_folder"),
        text("logging.checkpoint_folder"),
        truth("logging.wandb_buffer"));
  }

  private BuiltinConfig.Experiment experiment() {
    return new BuiltinConfig.Experiment(
        count("experiment.n_compartments"),
        text("experiment.compartment_scaling"),
        real("experiment.translation_ratio"),
        text("experiment.translation_ratio_mode"),
        whole("experiment.assignment_seed"),
        countOrNull("experiment.max_compartments"),
        truth("experiment.shared_token_embeddings"),
        truth("experiment.use_compartment_embeddings"),
        truth("experiment.copy_compartment_embeddings"),
        truth("experiment.copy_compartment_lm_head"),
        truth("experiment.copy_compartment_id_embeddings"),
        truth("experiment.permute_tokens_per_compartment"),
        truth("experiment.permute_input_tokens_per_compartment"),
        text("experiment.translation_mode"),
        count("experiment.translation_chunk_size"),
        real("experiment.dann_lambda"),
        text("experiment.dann_layers"),
        count("experiment.dann_disc_hidden"),
        text("experiment.token_tying_mode"),
        real("experiment.token_tying_ratio"),
        count("experiment.token_tying_freq_shards"));
  }

  private boolean truth(String key) {
    return values.truth(Schema.field(key));
  }

  private double real(String key) {
    return values.number(Schema.field(key));
  }

  private long whole(String key) {
    return values.whole(Schema.field(key));
  }

  private int count(String key) {
    return Math.toIntExact(whole(key));
  }

  private @Nullable Integer countOrNull(String key) {
    return values.value(Schema.field(key)) == null ? null : (Integer) count(key);
  }

  private String text(String key) {
    return values.text(Schema.field(key));
  }

  private @Nullable String textOrNull(String key) {
    return values.value(Schema.field(key)) == null ? null : text(key);
  }

  private @Nullable List<String> texts(String key) {
    return values.texts(Schema.field(key));
  }
}
