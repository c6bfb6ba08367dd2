package dev.sweeprunner.program.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.python.PythonJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The two files that a run's program may read its parameters from, under names of this run alone.
 *
 * <p>They stay: programs read them after their imports, half a minute later, and wrappers again at
 * every restart. Each start of the run has the same content, so that they are written once.
 *
 * @param yaml for W&amp;B's client, as {@code WANDB_SWEEP_PARAM_PATH}
 * @param json for the program, as {@code ${args_json_file}}: its name ends in {@code .json}, by
 *     which Hugging Face's parser knows a file from an argument
 */
record ParameterFiles(Path yaml, Path json) {
  static ParameterFiles of(LaunchOrder order) {
    Path folder = order.place().paramFolder();
    String name = "config-" + order.names().runId();
    return new ParameterFiles(folder.resolve(name + ".yaml"), folder.resolve(name + ".json"));
  }

  /** Writes what is missing or different. */
  void write(LaunchOrder order, FileSystem files) throws IOException {
    files.makeFolders(order.place().paramFolder());
    keep(yaml, ParameterYaml.of(order.parameters()), files);
    keep(json, PythonJson.dumps(order.parameters()), files);
  }

  private static void keep(Path file, String text, FileSystem files) throws IOException {
    byte[] content = text.getBytes(UTF_8);
    try {
      if (Arrays.equals(files.read(file), content)) {
        return;
      }
    } catch (NoSuchFileException e) {
      // Written below.
    }
    // Without an fsync: they are for the program that starts now, and the next start makes them
    // anew.
    files.delete(file);
    try (FileSystem.Appender out = files.openAppender(file)) {
      out.append(content);
    }
  }
}
