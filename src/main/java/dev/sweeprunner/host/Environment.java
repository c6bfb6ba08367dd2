package dev.sweeprunner.host;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of this process, read once and handed on as a value.
 *
 * @param variables environment variables
 * @param properties properties of the JVM
 */
public record Environment(Map<String, String> variables, Map<String, String> properties) {
  /** Copies both maps. */
  public Environment {
    variables = Map.copyOf(variables);
    properties = Map.copyOf(properties);
  }

  /** What this process was started with. */
  public static Environment ofThisProcess() {
    var properties = new HashMap<String, String>();
    for (var name : System.getProperties().stringPropertyNames()) {
      properties.put(name, System.getProperty(name, ""));
    }
    return new Environment(System.getenv(), properties);
  }

  /** A variable that is set and not blank. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /** A path as a shell reads it: {@code ~} before the first slash is the user's home. */
  public Path path(String given) {
    return Path.of(given.matches("~(?s:/.*)?") ? home() + given.substring(1) : given);
  }

  /** The user's home, as the shell knows it, else as the JVM does. */
  public String home() {
    return variable("HOME").orElse(property("user.home", "~"));
  }

  /** A folder of this user's own, local to this host, for what its processes share. */
  public Path hostFolder() {
    return Path.of(property("java.io.tmpdir", "/tmp"))
        .resolve("sweep-runner-" + property("user.name", "user"));
  }

  /**
   * A folder of this user's own for what outlives a process, by the XDG's rule; may not be there.
   */
  public Path stateFolder() {
    return variable("XDG_STATE_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElseGet(() -> Path.of(home(), ".local", "state"))
        .resolve("sweep-runner");
  }

  /** Where this process was started. */
  public Path workingDirectory() {
    return Path.of(property("user.dir", "")).toAbsolutePath();
  }

  /** A property of the JVM, or {@code fallback}. */
  public String property(String name, String fallback) {
    return properties.getOrDefault(name, fallback);
  }
}
