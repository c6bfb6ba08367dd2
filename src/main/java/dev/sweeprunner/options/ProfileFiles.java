package dev.sweeprunner.options;

import dev.sweeprunner.options.Properties.Given;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.TaskProfile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The files that hold nothing but profiles of Slurm tasks: their names, or the heading of {@code
 * application.yml} above these.
 *
 * @param storageRoot where one may lie
 * @param environment {@code $XDG_CONFIG_HOME} counts
 * @param path of a word that the user wrote for one
 */
record ProfileFiles(
    Path storageRoot, Map<String, String> environment, Function<String, Path> path) {
  private static final String NAME = "scale.yml";
  private static final String HEADING = "sweep-runner.scale.profiles";
  private static final String EXAMPLE = "gpu: {partition: gpu, gpus: 1, limit: 8}";

  /**
   * Profiles, and where they stand.
   *
   * @param profiles at least one
   */
  record Found(Path file, List<TaskProfile> profiles) {}

  /**
   * The file that counts: the one that is named, else the first of those that are there.
   *
   * @throws UserError if it cannot be read, holds no profile, or one that is wrong
   */
  Optional<Found> find(Invocation invocation) {
    Optional<Path> named = invocation.text(Option.PROFILES).map(path);
    return named
        .or(() -> places(invocation).stream().filter(Files::exists).findFirst())
        .map(file -> new Found(file, read(file)));
  }

  /** Beside the sweeps, in the storage root, among the user's own settings. */
  private List<Path> places(Invocation invocation) {
    List<Path> places = new ArrayList<>();
    invocation.sweeps().stream()
        .findFirst()
        .map(sweep -> path.apply(sweep.toString()))
        .or(() -> invocation.text(Option.SWEEPS_FROM).map(path))
        .ifPresent(first -> places.add(first.resolveSibling(NAME)));
    places.add(storageRoot.resolve(NAME));
    String settings = environment.getOrDefault("XDG_CONFIG_HOME", "");
    places.add(
        path.apply(settings.isBlank() ? "~/.config" : settings)
            .resolve("sweep-runner")
            .resolve(NAME));
    return places;
  }

  private static List<TaskProfile> read(Path file) {
    Map<String, String> said = load(file);
    boolean headed = said.keySet().stream().anyMatch(name -> name.startsWith("sweep-runner"));
    String heading = headed ? HEADING + "." : "";
    Map<String, Given> given = new LinkedHashMap<>();
    said.forEach(
        (name, value) -> {
          if (!name.startsWith(heading)) {
            if (name.equals(HEADING) && value.isBlank()) {
              return;
            }
            throw new UserError(
                file.toString(),
                name + " is no profile, and this file holds profiles alone",
                "Move it to application.yml, or write it below " + HEADING);
          }
          given.put(name.substring(heading.length()), new Given(value, file.toString()));
        });
    if (given.isEmpty()) {
      throw new UserError(
          file.toString(),
          "holds no profile",
          "Write one, for example " + EXAMPLE + ", or remove it");
    }
    return ScaleProfiles.read(heading, given);
  }

  private static Map<String, String> load(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (InputStream in = Files.newInputStream(file)) {
      Object document = new Yaml(new SafeConstructor(options)).load(in);
      if (document != null && !(document instanceof Map<?, ?>)) {
        throw new UserError(
            file.toString(), "holds no profiles by their names", "Write, for example, " + EXAMPLE);
      }
      return Properties.scalars(document);
    } catch (IOException | YAMLException e) {
      throw new UserError(
          file.toString(), "cannot be read: " + Why.of(e), "Correct it, or name another file", e);
    }
  }
}
