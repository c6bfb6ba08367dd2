package dev.sweeprunner.wandb.settings;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The INI dialect of Python's {@code configparser}, in which the official client's files are
 * written: {@code =} or {@code :}, names in any case, comments on lines of their own, longer
 * indented lines that continue a value, {@code %%} and {@code %(name)s}, no name twice, and a
 * section {@code [DEFAULT]} whose values hold in all others.
 */
final class IniText {
  private static final Pattern HEADER = Pattern.compile("\\[(.+)\\].*");
  private static final Pattern OPTION = Pattern.compile("(.*?)\\s*[=:]\\s*(.*)");
  private static final String COMMON = "DEFAULT";
  private static final int DEPTH = 10;

  private final Map<String, Map<String, StringBuilder>> sections = new HashMap<>();
  private @Nullable Map<String, StringBuilder> section;
  private @Nullable StringBuilder value;
  private int indent;

  private IniText() {
    sections.put(COMMON, new LinkedHashMap<>());
  }

  /**
   * The values of one section, empty where it does not exist.
   *
   * @throws UnreadableText where the text is no INI file, with the line
   */
  static Map<String, String> section(String name, String text) throws UnreadableText {
    IniText ini = new IniText();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      ini.line(lines.get(i), i + 1);
    }
    return ini.values(name);
  }

  private void line(String line, int number) throws UnreadableText {
    String stripped = line.strip();
    if (stripped.startsWith("#") || stripped.startsWith(";")) {
      return;
    }
    if (stripped.isEmpty()) {
      Optional.ofNullable(value).ifPresent(open -> open.append('\n'));
      return;
    }
    int depth = line.indexOf(stripped.charAt(0));
    if (value != null && depth > indent) {
      value.append('\n').append(stripped);
      return;
    }
    indent = depth;
    Matcher header = HEADER.matcher(stripped);
    if (header.matches()) {
      open(header.group(1), number);
    } else {
      option(stripped, number);
    }
  }

  private void open(String name, int number) throws UnreadableText {
    Map<String, StringBuilder> opened = new LinkedHashMap<>();
    Map<String, StringBuilder> earlier = sections.putIfAbsent(name, opened);
    if (earlier != null && !name.equals(COMMON)) {
      throw new UnreadableText(number, "opens a section a second time");
    }
    section = earlier == null ? opened : earlier;
    value = null;
  }

  private void option(String text, int number) throws UnreadableText {
    if (section == null) {
      throw new UnreadableText(number, "stands before the first [section]");
    }
    Matcher option = OPTION.matcher(text);
    if (!option.matches() || option.group(1).isEmpty()) {
      throw new UnreadableText(number, "is not of the form name = value");
    }
    StringBuilder started = new StringBuilder(option.group(2));
    if (section.put(option.group(1).toLowerCase(Locale.ROOT), started) != null) {
      throw new UnreadableText(number, "gives a name a second time");
    }
    value = started;
  }

  private Map<String, String> values(String name) throws UnreadableText {
    Map<String, StringBuilder> own = sections.get(name);
    if (own == null) {
      return Map.of();
    }
    Map<String, StringBuilder> raw = new LinkedHashMap<>(sections.getOrDefault(COMMON, Map.of()));
    raw.putAll(own);
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, StringBuilder> entry : raw.entrySet()) {
      String written = entry.getValue().toString().stripTrailing();
      values.put(entry.getKey(), expanded(entry.getKey(), written, raw, DEPTH));
    }
    return values;
  }

  private static String expanded(String key, String text, Map<String, StringBuilder> raw, int depth)
      throws UnreadableText {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '%') {
        out.append(text.charAt(i));
      } else if (text.startsWith("%%", i)) {
        out.append('%');
        i++;
      } else {
        int end = text.startsWith("%(", i) ? text.indexOf(")s", i) : -1;
        StringBuilder other =
            end < 0 ? null : raw.get(text.substring(i + 2, end).toLowerCase(Locale.ROOT));
        if (other == null || depth == 0) {
          throw new UnreadableText("'" + key + "' holds a % sign; a plain one is written %%");
        }
        out.append(expanded(key, other.toString().stripTrailing(), raw, depth - 1));
        i = end + 1;
      }
    }
    return out.toString();
  }
}
