package dev.sweeprunner.options;

import dev.sweeprunner.options.Invocation.Command;
import dev.sweeprunner.options.Properties.Given;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.TaskProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code scale} submits, and how much of it.
 *
 * @param profiles the most wanted first; never empty for {@code scale}
 * @param from where the profiles were found, for the user
 * @param perLook most new tasks of a profile per look
 * @param unclaimedPerHour most tasks of a profile within an hour in which none of them claims a run
 */
public record ScaleOptions(
    List<TaskProfile> profiles, String from, int perLook, int unclaimedPerHour) {
  private static final String USUAL_LIMIT = "8";
  private static final String USUAL_NAME = "default";

  /** Copies the list. */
  public ScaleOptions {
    profiles = List.copyOf(profiles);
  }

  /**
   * Reads them: the command line's before those of a file, a file's own before those of {@code
   * application.yml}.
   *
   * @throws UserError for a profile that is not what it should be, with its place
   */
  static ScaleOptions read(Properties given, Invocation invocation, ProfileFiles files) {
    int perLook = given.count("scale.per-look", 1);
    int unclaimed = given.count("scale.unclaimed-per-hour", 1);
    List<TaskProfile> properties = ScaleProfiles.read(given.profiles());
    if (invocation.command() != Command.SCALE) {
      return new ScaleOptions(properties, "application.yml", perLook, unclaimed);
    }
    Map<String, Given> said = said(invocation);
    if (!said.isEmpty()) {
      return new ScaleOptions(ScaleProfiles.read("", said), "the options", perLook, unclaimed);
    }
    Optional<ProfileFiles.Found> found = files.find(invocation);
    if (found.isPresent()) {
      return new ScaleOptions(
          found.get().profiles(), found.get().file().toString(), perLook, unclaimed);
    }
    if (!properties.isEmpty()) {
      return new ScaleOptions(properties, "application.yml", perLook, unclaimed);
    }
    Map<String, Given> usual =
        Map.of(USUAL_NAME + ".limit", new Given(USUAL_LIMIT, "the default profile"));
    return new ScaleOptions(
        ScaleProfiles.read("", usual), "no file; the default", perLook, unclaimed);
  }

  /** The one profile that options speak of; empty where they do not. */
  private static Map<String, Given> said(Invocation invocation) {
    Map<Option, String> members = new LinkedHashMap<>();
    members.put(Option.PARTITION, "partition");
    members.put(Option.GPUS, "gpus");
    members.put(Option.LIMIT, "limit");
    members.put(Option.SBATCH, "flags");
    List<Option> told = members.keySet().stream().filter(invocation::has).toList();
    if (told.isEmpty()) {
      return Map.of();
    }
    if (invocation.has(Option.PROFILES)) {
      throw new UserError(
          told.get(0).dashed(),
          "--profiles names a file of profiles, which says this",
          "Drop one of them");
    }
    String name = name(invocation.text(Option.PARTITION).orElse(USUAL_NAME));
    Map<String, Given> said = new LinkedHashMap<>();
    told.forEach(
        option ->
            said.put(
                name + "." + members.get(option),
                new Given(invocation.text(option).orElse(""), option.dashed())));
    said.putIfAbsent(name + ".limit", new Given(USUAL_LIMIT, Option.LIMIT.dashed()));
    return said;
  }

  /** A partition's name, or several with commas, as a profile may be called. */
  private static String name(String partition) {
    String fit = partition.replaceAll("[^A-Za-z0-9_-]+", "-");
    return fit.substring(0, Math.min(fit.length(), ScaleProfiles.LONGEST_NAME));
  }
}
