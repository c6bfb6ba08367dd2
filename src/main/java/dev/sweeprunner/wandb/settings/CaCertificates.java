package dev.sweeprunner.wandb.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Further certificate authorities, from the variables of Go and of Python's requests, for the
 * official client is written in both. They are trusted besides those of the Java installation. What
 * is named and not there is a warning: a login node's path need not exist on every other node.
 */
final class CaCertificates {
  private static final String FOLDERS = "SSL_CERT_DIR";
  private static final List<String> VARIABLES =
      List.of("SSL_CERT_FILE", FOLDERS, "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

  private CaCertificates() {}

  /** The files and folders that can be read, in the order of the variables, each once. */
  static List<Path> read(
      Map<String, String> environment, Path workingDirectory, Consumer<String> warnings) {
    Set<Path> found = new LinkedHashSet<>();
    for (String variable : VARIABLES) {
      String value = environment.getOrDefault(variable, "");
      for (String part : variable.equals(FOLDERS) ? value.split(":", -1) : new String[] {value}) {
        if (!part.isEmpty()) {
          add(found, variable, workingDirectory.resolve(part).normalize(), warnings);
        }
      }
    }
    return List.copyOf(found);
  }

  private static void add(Set<Path> found, String variable, Path path, Consumer<String> warnings) {
    if (!Files.exists(path)) {
      warnings.accept(variable + " names " + path + ", which does not exist.");
    } else if (!Files.isReadable(path)) {
      warnings.accept(variable + " names " + path + ", which may not be read.");
    } else {
      found.add(path);
    }
  }
}
