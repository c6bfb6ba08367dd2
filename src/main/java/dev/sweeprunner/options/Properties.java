package dev.sweeprunner.options;

import dev.sweeprunner.problem.Nearest;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The properties {@code sweep-runner.*} as dotted names without that prefix, each with the place it
 * came from. The packed file names every property there is; another name is refused. Only below
 * {@code scale.profiles} and {@code program.env} the user chooses names.
 */
public final class Properties {
  private static final String PREFIX = "sweep-runner";
  private static final String PACKED = "/application.yml";
  private static final String PROFILES = "scale.profiles";
  private static final String PROGRAM_ENVIRONMENT = "program.env";

  private final Map<String, Given> values = new TreeMap<>();

  /** What the user's file says below {@code scale.profiles}, in its order. */
  private final Map<String, Given> profiles = new LinkedHashMap<>();

  private Properties() {}

  /** The packed defaults. */
  public static Properties packed() {
    Properties properties = new Properties();
    try (InputStream packed = Properties.class.getResourceAsStream(PACKED)) {
      if (packed == null) {
        throw new IllegalStateException("The jar lacks its " + PACKED);
      }
      properties.put(PackedYaml.read(packed, PREFIX), "packed application.yml", false);
    } catch (IOException e) {
      throw new IllegalStateException("The packed " + PACKED + " cannot be read", e);
    }
    return properties;
  }

  /** Reads a user's file over what is there; a missing one is fine. */
  void file(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      put(flat(yaml().load(in)), file.toString(), true);
    } catch (IOException | YAMLException e) {
      throw new UserError(
          file.toString(), "cannot be read: " + Why.of(e), "Correct or remove the file", e);
    }
  }

  /** Reads {@code SWEEP_RUNNER_CLAIM_EXPIRY} and its like. */
  void environment(Map<String, String> environment) {
    for (String name : names()) {
      String variable = variable(name);
      String value = environment.get(variable);
      if (value != null) {
        put(Map.of(name, value), "$" + variable, true);
      }
    }
  }

  /** Puts what the command line says over everything. */
  void options(Map<String, String> options) {
    options.forEach((name, value) -> put(Map.of(name, value), "--" + name, true));
  }

  /** Whether it is a name that the user chooses: a variable of a program. */
  static boolean isUsers(String name) {
    return name.startsWith(PROGRAM_ENVIRONMENT + ".")
        && name.length() > PROGRAM_ENVIRONMENT.length() + 1;
  }

  /** Every name there is. */
  public Set<String> names() {
    return values.keySet();
  }

  /** What was given below {@code scale.profiles}, by the rest of its name, in the file's order. */
  Map<String, Given> profiles() {
    return profiles;
  }

  /** A copy in which these stand over what is set below a group. */
  Properties with(String group, Map<String, Given> own) {
    Properties all = new Properties();
    all.values.putAll(values);
    own.forEach(
        (name, said) -> all.put(Map.of(group + "." + name, said.value()), said.place(), true));
    return all;
  }

  /** All that is set below a group, by the rest of its name. */
  Map<String, String> below(String group) {
    Map<String, String> below = new TreeMap<>();
    values.forEach(
        (name, given) -> {
          if (name.startsWith(group + ".")) {
            below.put(name.substring(group.length() + 1), given.value());
          }
        });
    return below;
  }

  /** A text; empty where nothing is set. */
  String text(String name) {
    return given(name).value();
  }

  /** A whole number of at least {@code least}. */
  long number(String name, long least) {
    try {
      long value = Long.parseLong(text(name).trim());
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, with the place
    }
    throw bad(name, "a whole number of at least " + least);
  }

  /** As {@link #number}, for a small one. */
  int count(String name, long least) {
    long value = number(name, least);
    if (value > Integer.MAX_VALUE) {
      throw bad(name, "a whole number of at most " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** True or false. */
  boolean flag(String name) {
    return lower(name, "true", "false").equals("true");
  }

  /** One of these words. */
  String word(String name, String... words) {
    return oneOf(name, text(name), words);
  }

  /** One of these words, given in letters of any case. */
  String lower(String name, String... words) {
    return oneOf(name, text(name).toLowerCase(Locale.ROOT), words);
  }

  private String oneOf(String name, String text, String... words) {
    List<String> all = List.of(words);
    if (!all.contains(text)) {
      int last = all.size() - 1;
      throw bad(name, String.join(", ", all.subList(0, last)) + " or " + all.get(last));
    }
    return text;
  }

  /** A positive duration such as {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}. */
  Duration duration(String name) {
    Duration duration =
        Times.parse(text(name).trim().toLowerCase(Locale.ROOT))
            .orElseThrow(() -> bad(name, "a duration such as 500ms, 30s, 10m or 2h"));
    if (duration.isZero()) {
      throw bad(name, "longer than nothing");
    }
    return duration;
  }

  /** The error for a value that is not what it should be. */
  UserError bad(String name, String expected) {
    return new UserError(
        given(name).place(),
        "sweep-runner." + name + " is \"" + text(name) + "\"",
        "Give it " + expected);
  }

  private Given given(String name) {
    return Optional.ofNullable(values.get(name))
        .orElseThrow(() -> new IllegalArgumentException("No such property: " + name));
  }

  private void put(Map<String, String> flat, String place, boolean known) {
    flat.forEach(
        (name, value) -> {
          if ((name.equals(PROFILES) || name.equals(PROGRAM_ENVIRONMENT)) && value.isBlank()) {
            return; // the heading alone, with every line below it commented out
          }
          if (name.startsWith(PROFILES + ".")) {
            profiles.put(name.substring(PROFILES.length() + 1), new Given(value, place));
            return;
          }
          if (known && !values.containsKey(name) && !isUsers(name)) {
            throw new UserError(
                place,
                "there is no property sweep-runner." + name,
                Nearest.to(name, names())
                    .map(nearest -> "Did you mean " + nearest + "?")
                    .orElse("docs/configuration.md lists them all"));
          }
          values.put(name, new Given(value, place));
        });
  }

  private static String variable(String name) {
    return "SWEEP_RUNNER_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static Yaml yaml() {
    return new Yaml(new SafeConstructor(new LoaderOptions()));
  }

  /** The scalars of a document by their dotted names, in its order. */
  static Map<String, String> scalars(@Nullable Object document) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", document, flat);
    return flat;
  }

  private static Map<String, String> flat(@Nullable Object document) {
    Map<String, String> flat = new LinkedHashMap<>();
    if (document instanceof Map<?, ?> top) {
      flatten("", top.get(PREFIX), flat);
    }
    return flat;
  }

  private static void flatten(String prefix, @Nullable Object value, Map<String, String> into) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, nested) ->
              flatten(prefix.isEmpty() ? key.toString() : prefix + "." + key, nested, into));
    } else if (!prefix.isEmpty()) {
      into.put(prefix, value == null ? "" : value.toString());
    }
  }

  /**
   * A value and where it was given.
   *
   * @param place a file, a variable or an option
   */
  public record Given(String value, String place) {}
}
