package dev.sweeprunner.train;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import dev.sweeprunner.train.checkpoint.Safetensors;
import dev.sweeprunner.train.checkpoint.SafetensorsFile;
import dev.sweeprunner.train.model.FirstValues;
import dev.sweeprunner.train.model.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The weights that {@code init.init_from} names, from a safetensors file of this node: GPT-2's as
 * Hugging Face stores them (maps turned, no {@code transformer.} before a name), or nanoGPT's.
 *
 * <p>A table of tokens with as many rows as one compartment's vocabulary gives each id its token's
 * row, in every compartment; the translation token and the compartment embedding keep what the seed
 * gave them. A table with all of our rows is taken as it is. Of a longer table of positions the
 * beginning is taken. Everything else must be there and fit, and nothing may be left over.
 */
final class StartWeights implements FirstValues, AutoCloseable {
  private static final String SCRATCH = "scratch";
  private static final String SUFFIX = ".safetensors";
  private static final String PREFIX = "transformer.";
  private static final String TOKENS = PREFIX + "wte.weight";
  private static final String POSITIONS = PREFIX + "wpe.weight";
  private static final String COMPARTMENTS = PREFIX + "wce.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String DISCRIMINATORS = "dann.";
  private static final String A_MAP = PREFIX + "h.0.attn.c_attn.weight";
  private static final int GPT2_TOKENS = 50_257;
  private static final int GPT2_POSITIONS = 1024;

  /** Blocks, heads and features. */
  private static final Map<String, List<Integer>> GPT2 =
      Map.of(
          "gpt2", List.of(12, 12, 768),
          "gpt2-medium", List.of(24, 16, 1024),
          "gpt2-large", List.of(36, 20, 1280),
          "gpt2-xl", List.of(48, 25, 1600));

  private final Path path;
  private final SafetensorsFile file;
  private final ModelShape shape;
  private final boolean permuted;

  /** The file's names by ours. */
  private final Map<String, String> names = new LinkedHashMap<>();

  private StartWeights(Path path, SafetensorsFile file, ModelShape shape, boolean permuted) {
    this.path = path;
    this.file = file;
    this.shape = shape;
    this.permuted = permuted;
    for (String name : file.entries().keySet()) {
      boolean bare =
          !name.startsWith(PREFIX) && !name.equals(HEAD) && !name.startsWith(DISCRIMINATORS);
      names.put(bare ? PREFIX + name : name, name);
    }
  }

  /** Whether a config names any. */
  static boolean wanted(BuiltinConfig config) {
    return !config.init().initFrom().equals(SCRATCH);
  }

  /** Why a config's cannot be taken, as far as the config says it, or empty. */
  static Optional<String> refusal(BuiltinConfig config) {
    String from = config.init().initFrom();
    String is = "init.init_from = \"" + from + "\"";
    List<Integer> sizes = GPT2.get(from);
    if (!wanted(config) || (sizes == null && from.endsWith(SUFFIX))) {
      return Optional.empty();
    }
    if (sizes == null) {
      return Optional.of(
          is
              + ": this trainer knows scratch, gpt2, gpt2-medium, gpt2-large, gpt2-xl, and a path"
              + " that ends with "
              + SUFFIX);
    }
    BuiltinConfig.Model model = config.model();
    Integer vocabulary = model.vocabSize();
    return first(
        sizes.equals(List.of(model.nLayer(), model.nHead(), model.nEmbd()))
            ? null
            : "%s has model.n_layer, n_head and n_embd = %s, and the config has %s, %s and %s"
                .formatted(is, sizes, model.nLayer(), model.nHead(), model.nEmbd()),
        model.bias() ? null : is + " has biases, and model.bias = false",
        model.useRope() ? is + " has learned positions, and model.use_rope = true" : null,
        vocabulary != null && vocabulary == GPT2_TOKENS
            ? null
            : is + " has " + GPT2_TOKENS + " tokens, and model.vocab_size = " + vocabulary,
        model.blockSize() <= GPT2_POSITIONS
            ? null
            : is
                + " has "
                + GPT2_POSITIONS
                + " positions, and model.block_size = "
                + model.blockSize(),
        config.experiment().permuteTokensPerCompartment()
            ? is
                + " has a row for each token, and experiment.permute_tokens_per_compartment = true"
                + " leaves no id to one token"
            : null);
  }

  /** That this node lacks the file, as a sentence, or empty. */
  static Optional<String> missing(BuiltinConfig config, Function<String, List<Path>> places) {
    if (!wanted(config) || find(config, places).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        "init.init_from = \"%s\": there is no file %s; tried %s"
            .formatted(config.init().initFrom(), relative(config), places.apply(relative(config))));
  }

  /**
   * Opens the file of a config, for a model of this shape.
   *
   * @throws TrainingFailure of class INFRA if there is none or it cannot be read, DATA if it is no
   *     safetensors file, CONFIG if it holds another model's weights
   */
  static StartWeights open(
      BuiltinConfig config, ModelShape shape, Function<String, List<Path>> places) {
    Path path =
        find(config, places)
            .orElseThrow(
                () ->
                    new TrainingFailure(
                        FailureClass.INFRA, missing(config, places).orElseThrow() + "."));
    try {
      SafetensorsFile file = SafetensorsFile.open(path);
      boolean permuted = config.experiment().permuteTokensPerCompartment();
      return new StartWeights(path, file, shape, permuted);
    } catch (IOException e) {
      throw unreadable(path, e);
    } catch (Safetensors.Malformed e) {
      throw new TrainingFailure(FailureClass.DATA, path + " " + e.getMessage() + ".", e);
    }
  }

  /** That nothing of the file was left over; once all parameters have their values. */
  void requireAllTaken() {
    for (Map.Entry<String, String> left : names.entrySet()) {
      String name = left.getKey();
      // Masks that GPT-2's files carry along; and the second name of a tied matrix.
      boolean mask = name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
      if (!mask && !(shape.tied() && name.equals(HEAD))) {
        throw unfit(left.getValue() + ", which this config's model has no place for");
      }
    }
  }

  @Override
  public void into(String name, List<Integer> size, float[] values) {
    String source = source(name);
    if (source == null) {
      return;
    }
    List<Long> there = entry(source).shape();
    List<Long> here = size.stream().map(Integer::longValue).toList();
    boolean table = name.equals(TOKENS) || name.equals(HEAD);
    if (there.equals(here) && !(turned() && isMap(name))) {
      System.arraycopy(read(source), 0, values, 0, values.length);
    } else if (table && there.equals(List.of((long) shape.baseVocabulary(), here.get(1)))) {
      spread(name, read(source), values);
    } else if (isMap(name) && turned() && there.equals(List.of(here.get(1), here.get(0)))) {
      turn(read(source), size.get(0), values);
    } else if (name.equals(POSITIONS)
        && there.size() == 2
        && there.get(0) >= here.get(0)
        && there.get(1).equals(here.get(1))) {
      System.arraycopy(read(source), 0, values, 0, values.length);
    } else {
      throw unfit(
          "%s of shape %s, and this config's model wants %s".formatted(source, there, here));
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The file's tensor for a parameter; null for one that keeps the seed's values. */
  private @Nullable String source(String name) {
    String own = names.remove(name);
    if (own != null || name.equals(COMPARTMENTS) || name.startsWith(DISCRIMINATORS)) {
      return own;
    }
    // GPT-2's head is its table of tokens, and comes after it.
    String tokens = name.equals(HEAD) ? tokens() : null;
    if (tokens == null) {
      throw new TrainingFailure(
          FailureClass.CONFIG, path + " has no " + name + ", which this config's model needs.");
    }
    return tokens;
  }

  private @Nullable String tokens() {
    return file.entries().containsKey(TOKENS)
        ? TOKENS
        : file.entries().keySet().stream()
            .filter(n -> TOKENS.equals(PREFIX + n))
            .findFirst()
            .orElse(null);
  }

  /** Whether maps have (in, out) in this file: the one map whose sides differ in any model. */
  private boolean turned() {
    SafetensorsFile.Entry map = file.entries().get(A_MAP);
    if (map == null) {
      map = file.entries().get(A_MAP.substring(PREFIX.length()));
    }
    return map != null && map.shape().equals(List.of((long) shape.embd(), 3L * shape.embd()));
  }

  private static boolean isMap(String name) {
    return name.startsWith(PREFIX + "h.") && name.endsWith(".weight") && !name.contains(".ln_");
  }

  /** Gives each id its token's row; the translation token's, the last one, stays. */
  private void spread(String name, float[] rows, float[] values) {
    if (permuted) {
      throw unfit(
          name
              + " by token, and experiment.permute_tokens_per_compartment = true leaves no id to"
              + " one token");
    }
    int columns = shape.embd();
    for (int id = 0; id < values.length / columns - 1; id++) {
      System.arraycopy(rows, shape.baseToken(id) * columns, values, id * columns, columns);
    }
  }

  private static void turn(float[] from, int rows, float[] to) {
    int columns = to.length / rows;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to[row * columns + column] = from[column * rows + row];
      }
    }
  }

  private SafetensorsFile.Entry entry(String name) {
    SafetensorsFile.Entry entry = file.entries().get(name);
    if (entry == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return entry;
  }

  private float[] read(String name) {
    try {
      return file.tensor(name).values();
    } catch (IOException e) {
      throw unreadable(path, e);
    } catch (Safetensors.Malformed e) {
      throw new TrainingFailure(FailureClass.DATA, path + " " + e.getMessage() + ".", e);
    }
  }

  private TrainingFailure unfit(String what) {
    return new TrainingFailure(FailureClass.CONFIG, path + " holds " + what + ".");
  }

  private static TrainingFailure unreadable(Path path, IOException e) {
    return new TrainingFailure(FailureClass.INFRA, path + " cannot be read: " + Why.of(e) + ".", e);
  }

  private static Optional<Path> find(BuiltinConfig config, Function<String, List<Path>> places) {
    return places.apply(relative(config)).stream().filter(Files::isRegularFile).findFirst();
  }

  private static String relative(BuiltinConfig config) {
    String from = config.init().initFrom();
    return GPT2.containsKey(from) ? from + "/model" + SUFFIX : from;
  }

  private static Optional<String> first(@Nullable String... reasons) {
    for (String reason : reasons) {
      if (reason != null) {
        return Optional.of(reason);
      }
    }
    return Optional.empty();
  }
}
