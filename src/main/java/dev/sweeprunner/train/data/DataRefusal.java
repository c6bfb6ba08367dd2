package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why this trainer cannot make rows of a config's data, each with its key and its value. */
public final class DataRefusal {
  private static final List<String> MADE =
      List.of(SyntheticTokens.UNIFORM, SyntheticTokens.FREQUENCY);

  private final List<String> reasons = new ArrayList<>();

  private DataRefusal() {}

  /** All reasons against this config's data, or none. */
  public static List<String> of(BuiltinConfig config) {
    DataRefusal refusal = new DataRefusal();
    boolean uniform = config.data().source().equals("uniform");
    refusal.checkSource(config.data(), uniform);
    refusal.checkEntries(config.data());
    refusal.checkRows(config, uniform);
    return refusal.reasons;
  }

  private void checkSource(BuiltinConfig.Data data, boolean uniform) {
    refuse(
        !uniform && !data.source().equals("pretokenized"),
        "data.source = \"%s\": this trainer knows pretokenized and uniform"
            .formatted(data.source()));
    refuse(
        uniform && (data.compartmentTrainBins() != null || data.compartmentValBins() != null),
        "data.compartment_train_bins or val_bins is given, but data.source = \"uniform\" reads no"
            + " streams");
    refuse(
        !uniform && data.compartmentTrainBins() == null && data.trainBin().isBlank(),
        "data.train_bin is empty, and pretokenized data need files");
    refuse(
        synthetic(data.trainBin()) || synthetic(data.valBin()),
        "data.train_bin or val_bin = \"synthetic:…\": only entries of data.compartment_train_bins"
            + " and compartment_val_bins may be synthetic");
  }

  private void checkEntries(BuiltinConfig.Data data) {
    checkEntries("data.compartment_train_bins", data.compartmentTrainBins());
    checkEntries("data.compartment_val_bins", data.compartmentValBins());
    boolean drawn =
        entries(data.compartmentTrainBins()).contains(SyntheticTokens.FREQUENCY)
            || entries(data.compartmentValBins()).contains(SyntheticTokens.FREQUENCY);
    boolean counted =
        data.compartmentTrainBins() == null
            || entries(data.compartmentTrainBins()).stream().anyMatch(e -> !synthetic(e));
    refuse(
        drawn && !counted,
        "\"synthetic:frequency\" draws tokens as often as files have them, and"
            + " data.compartment_train_bins names no files");
  }

  private void checkEntries(String key, @Nullable List<String> entries) {
    for (int i = 0; i < entries(entries).size(); i++) {
      String entry = entries(entries).get(i);
      refuse(entry.isBlank(), key + "[" + i + "] is empty: it names neither files nor tokens");
      refuse(
          synthetic(entry) && !MADE.contains(entry),
          "%s[%s] = \"%s\": this trainer makes synthetic:uniform and synthetic:frequency"
              .formatted(key, i, entry));
    }
  }

  private void checkRows(BuiltinConfig config, boolean uniform) {
    BuiltinConfig.Experiment experiment = config.experiment();
    int length = config.model().blockSize();
    refuse(length < 2, "model.block_size = " + length + ": a row needs a token and its successor");
    boolean evaluated = uniform && experiment.nCompartments() > 1;
    boolean translations = experiment.translationRatio() > 0 || evaluated;
    switch (experiment.translationMode()) {
      case "standard" ->
          refuse(
              translations && (length < 4 || length % 2 != 0),
              "model.block_size = %s: translation rows%s need an even one of at least 4"
                  .formatted(length, evaluated ? " (uniform data are evaluated on them)" : ""));
      case "interleaved" -> checkInterleaved(experiment, uniform, translations, length);
      default ->
          reasons.add(
              "experiment.translation_mode = \"%s\": this trainer knows standard and interleaved"
                  .formatted(experiment.translationMode()));
    }
  }

  private void checkInterleaved(
      BuiltinConfig.Experiment experiment, boolean uniform, boolean translations, int length) {
    int chunk = experiment.translationChunkSize();
    refuse(
        !uniform,
        "experiment.translation_mode = \"interleaved\": only data.source = \"uniform\" has"
            + " interleaved rows");
    refuse(chunk < 1, "experiment.translation_chunk_size = " + chunk + ": it must be at least 1");
    refuse(
        translations && chunk > length - 2,
        ("experiment.translation_chunk_size = %s: in a row of model.block_size = %s nothing is left"
                + " for the second compartment")
            .formatted(chunk, length));
  }

  private static List<String> entries(@Nullable List<String> entries) {
    return entries == null ? List.of() : entries;
  }

  private static boolean synthetic(@Nullable String pattern) {
    return pattern != null && pattern.startsWith(SyntheticTokens.PREFIX);
  }

  private void refuse(boolean condition, String reason) {
    if (condition) {
      reasons.add(reason);
    }
  }
}
