package dev.sweeprunner.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The TOML that configs consist of nearly always: sections of one name each, and in a line a key
 * and a plain value, or a list of plain strings. Everything else, and every fault, is left to the
 * whole parser, whose start alone takes a sixth of the time of a short command.
 */
final class PlainToml {
  private static final String REST = "[ \t]*(?:#.*)?";
  private static final String STRING = "\"[^\"\\\\]*\"";
  private static final Pattern NOTHING = Pattern.compile(REST);
  private static final Pattern SECTION = Pattern.compile("\\[([\\w-]+)]" + REST);
  private static final Pattern SETTING =
      Pattern.compile(
          "([\\w-]+)[ \t]*=[ \t]*(?:"
              + ("(" + STRING + ")")
              + ("|(\\[[ \t]*(?:" + STRING + "[ \t]*(?:,[ \t]*|(?=])))*])")
              + "|(true|false)"
              + "|(-?(?:0|[1-9][0-9]{0,17}))"
              + "|(-?(?:0|[1-9][0-9]{0,17})(?:\\.[0-9]{1,18})?(?:[eE][-+]?[0-9]{1,2})?)"
              + ")"
              + REST);
  private static final Pattern ONE_STRING = Pattern.compile(STRING);

  /**
   * A value and where it stands.
   *
   * @param line from 1
   * @param content a map of such to names for a section; else a string, a long, a double, a
   *     boolean, a list, or what a config cannot hold
   */
  record Located(int line, Object content) {}

  private PlainToml() {}

  /** What the text says by section and key, in its order; null where it is not that plain. */
  static @Nullable Map<String, Located> read(String text) {
    Map<String, Located> sections = new LinkedHashMap<>();
    Map<String, Located> section = null;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String content = line.strip();
      Matcher setting;
      if (!isPrintable(line)) {
        return null;
      } else if (content.startsWith("[")) {
        section = new LinkedHashMap<>();
        Matcher header = SECTION.matcher(content);
        if (!header.matches()
            || sections.put(header.group(1), new Located(number, section)) != null) {
          return null;
        }
      } else if (NOTHING.matcher(content).matches()) {
        continue;
      } else if (section == null
          || !(setting = SETTING.matcher(content)).matches()
          || section.put(setting.group(1), new Located(number, value(setting))) != null) {
        return null;
      }
    }
    return sections;
  }

  private static boolean isPrintable(String line) {
    return line.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t');
  }

  private static Object value(Matcher setting) {
    if (setting.group(2) != null) {
      return unquoted(setting.group(2));
    } else if (setting.group(3) != null) {
      List<String> strings = new ArrayList<>();
      Matcher one = ONE_STRING.matcher(setting.group(3));
      while (one.find()) {
        strings.add(unquoted(one.group()));
      }
      return strings;
    } else if (setting.group(4) != null) {
      return Boolean.valueOf(setting.group(4));
    }
    return setting.group(5) == null
        ? (Object) Double.valueOf(setting.group(6))
        : Long.valueOf(setting.group(5));
  }

  private static String unquoted(String string) {
    return string.substring(1, string.length() - 1);
  }
}
