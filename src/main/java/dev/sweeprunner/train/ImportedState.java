package dev.sweeprunner.train;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.train.checkpoint.Safetensors.Malformed;
import dev.sweeprunner.train.checkpoint.SafetensorsFile;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's numbers out of safetensors files that somebody else wrote, held to the parameters that
 * a config means: every name and every shape, no more and no less.
 */
final class ImportedState {
  private final Map<String, List<Integer>> layout;

  /**
   * For a model of these parameters.
   *
   * @param layout names and shapes, in order
   */
  ImportedState(Map<String, List<Integer>> layout) {
    this.layout = layout;
  }

  /**
   * What the files hold.
   *
   * @param iter updates that the weights have had, as their file says; -1 where it does not
   * @param config the hash of the config of the run that they were exported of; empty of others
   */
  record Read(TrainingState.Tensors tensors, long iter, String config) {}

  /**
   * Reads both files.
   *
   * @param moments null for none: then all of them are zero
   * @throws UserError that names everything that does not fit
   */
  Read read(Path weights, @Nullable Path moments) {
    Map<String, String> said = new LinkedHashMap<>();
    List<Tensor> values =
        opened(
            weights,
            file -> {
              said.putAll(file.metadata());
              return values(weights, file);
            });
    List<Tensor> state =
        moments == null ? zeros() : opened(moments, file -> tensors(moments, file, momentLayout()));
    String iter = said.getOrDefault(Exported.ITER, "");
    return new Read(
        new TrainingState.Tensors(values, state),
        iter.matches("\\d{1,18}") ? Long.parseLong(iter) : -1,
        said.getOrDefault(Exported.CONFIG, ""));
  }

  /** nanoGPT names the matrix of a tied head twice. */
  private List<Tensor> values(Path path, SafetensorsFile file) throws IOException, Malformed {
    boolean twice = !layout.containsKey(Exported.HEAD) && file.entries().containsKey(Exported.HEAD);
    Map<String, List<Integer>> expected = new LinkedHashMap<>(layout);
    if (twice) {
      expected.put(Exported.HEAD, layout.getOrDefault(Exported.TOKENS, List.of()));
    }
    List<Tensor> read = new ArrayList<>(tensors(path, file, expected));
    if (twice) {
      Tensor head = read.remove(read.size() - 1);
      boolean same =
          read.stream()
              .filter(tensor -> tensor.name().equals(Exported.TOKENS))
              .anyMatch(tokens -> Arrays.equals(tokens.values(), head.values()));
      if (!same) {
        throw new UserError(
            path.toString(),
            Exported.HEAD
                + " differs from "
                + Exported.TOKENS
                + ", and the run ties them (model.weight_tying)",
            "Import it into a run that does not");
      }
    }
    return read;
  }

  private Map<String, List<Integer>> momentLayout() {
    Map<String, List<Integer>> moments = new LinkedHashMap<>();
    layout.forEach((name, shape) -> moments.put(Exported.FIRST_MOMENT + name, shape));
    layout.forEach((name, shape) -> moments.put(Exported.SECOND_MOMENT + name, shape));
    return moments;
  }

  private List<Tensor> zeros() {
    List<Tensor> zeros = new ArrayList<>();
    momentLayout()
        .forEach(
            (name, shape) ->
                zeros.add(
                    new Tensor(
                        name, shape, new float[shape.stream().reduce(1, Math::multiplyExact)])));
    return zeros;
  }

  private static List<Tensor> tensors(
      Path path, SafetensorsFile file, Map<String, List<Integer>> expected)
      throws IOException, Malformed {
    List<String> misfits = misfits(file, expected);
    if (!misfits.isEmpty()) {
      throw new UserError(
          path.toString(),
          "it does not fit this run's model: " + String.join("; ", misfits),
          "Import it into a run whose config means that model, or rename its tensors");
    }
    List<Tensor> tensors = new ArrayList<>();
    for (String name : expected.keySet()) {
      Tensor tensor = file.tensor(name);
      for (float value : tensor.values()) {
        if (!Float.isFinite(value)) {
          throw new UserError(
              path.toString(), name + " holds " + value, "Import a state from before that");
        }
      }
      tensors.add(tensor);
    }
    return tensors;
  }

  private static List<String> misfits(SafetensorsFile file, Map<String, List<Integer>> expected) {
    List<String> misfits = new ArrayList<>();
    Map<String, SafetensorsFile.Entry> entries = file.entries();
    expected.forEach(
        (name, shape) -> {
          SafetensorsFile.Entry entry = entries.get(name);
          if (entry == null) {
            misfits.add(name + " is missing");
          } else if (!entry.shape().equals(shape.stream().map(Integer::longValue).toList())) {
            misfits.add(name + " is " + entry.shape() + ", not " + shape);
          }
        });
    entries.keySet().stream()
        .filter(name -> !expected.containsKey(name))
        .forEach(name -> misfits.add(name + " is no parameter of it"));
    return misfits;
  }

  private static <T> T opened(Path path, Reading<T> reading) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return reading.of(file);
    } catch (NoSuchFileException e) {
      throw new UserError(path.toString(), "there is no such file", "Correct the path", e);
    } catch (IOException e) {
      throw new UserError(
          path.toString(), "it cannot be read: " + Why.of(e), "Make it readable", e);
    } catch (Malformed e) {
      throw new UserError(
          path.toString(),
          "it is no safetensors file that can be imported: it " + e.getMessage(),
          "docs/adoption.md tells how to make one of a PyTorch checkpoint",
          e);
    }
  }

  /** What is read of an open file. */
  private interface Reading<T> {
    T of(SafetensorsFile file) throws IOException, Malformed;
  }
}
