package dev.sweeprunner.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The packed {@code application.yml}, read by hand: it is this program's own, has nothing but
 * nested names and scalars, and is read at every start, where a YAML reader takes a sixth of the
 * time of a short command.
 */
final class PackedYaml {
  private static final String EMPTY_GROUP = "{}";

  private PackedYaml() {}

  /**
   * The scalars below one name at the top.
   *
   * @return their values by dotted names without that one, in the file's order
   */
  static Map<String, String> read(InputStream in, String top) throws IOException {
    Map<String, String> flat = new LinkedHashMap<>();
    List<String> path = new ArrayList<>();
    for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
      String text = line.strip();
      if (text.isEmpty() || text.charAt(0) == '#') {
        continue;
      }
      int depth = line.indexOf(text) / 2;
      int colon = text.indexOf(':');
      path.subList(depth, path.size()).clear();
      path.add(text.substring(0, colon));
      String value = text.substring(colon + 1).strip();
      if (path.get(0).equals(top) && !value.isEmpty() && !value.equals(EMPTY_GROUP)) {
        flat.put(String.join(".", path.subList(1, path.size())), unquoted(value));
      }
    }
    return flat;
  }

  private static String unquoted(String value) {
    return value.charAt(0) == '"' ? value.substring(1, value.length() - 1) : value;
  }
}
