package dev.sweeprunner.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers, times and texts as a person reads them; ASCII only, since a batch log often is. */
public final class HumanFormat {
  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB"};

  private HumanFormat() {}

  /** {@code 12 s}, {@code 12 min}, {@code 2 h 5 min}, {@code 3 d 4 h}; whole units, rounded. */
  public static String time(Duration time) {
    long seconds = Math.max(0, Math.round(time.toMillis() / 1000.0));
    if (seconds < 100) {
      return seconds + " s";
    }
    long minutes = Math.round(seconds / 60.0);
    if (minutes < 100) {
      return minutes + " min";
    }
    if (minutes < 48 * 60) {
      return two(minutes / 60, "h", minutes % 60, "min");
    }
    long hours = Math.round(minutes / 60.0);
    return two(hours / 24, "d", hours % 24, "h");
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /** {@code just now} or {@code 12 min ago}. */
  public static String ago(Duration age) {
    return age.toMillis() < 1000 ? "just now" : time(age) + " ago";
  }

  /** Three to four digits: {@code 1.2k}, {@code 345k}, {@code 1.20M}. */
  public static String count(double count) {
    if (count < 1000) {
      return fixed(count, 0);
    }
    return count < 999_500
        ? scaled(count / 1e3) + "k"
        : count < 999.5e6 ? scaled(count / 1e6) + "M" : scaled(count / 1e9) + "G";
  }

  private static String scaled(double value) {
    return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  }

  /** {@code 12.3 GB}; powers of ten. */
  public static String bytes(long bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 999.5 && unit < BYTES.length - 1) {
      value /= 1000;
      unit++;
    }
    return (unit == 0 ? Long.toString(bytes) : scaled(value)) + " " + BYTES[unit];
  }

  /** A metric with four significant digits: {@code 1.386}, {@code 0.01234}, {@code 3.1e-05}. */
  public static String metric(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.2e", value);
    }
    int decimals = size < 0.1 ? 5 : size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1;
    return fixed(value, decimals);
  }

  /** Not by a format: its symbols of the locale take a short command 15 ms. */
  private static String fixed(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }

  /** An override as the sweep file would spell it. */
  public static String value(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(HumanFormat::value).toList()) + "]";
    }
    return value.toString();
  }

  private static String number(double number) {
    String text = Double.toString(number);
    return text.contains("E") ? text.replace(".0E", "E").replace("E", "e") : text;
  }

  /** The text with what a terminal would obey spelled out: {@code \\u001b}. */
  public static String plain(String text) {
    if (text.codePoints().noneMatch(HumanFormat::obeyed)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (obeyed(c)) {
                plain.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }

  /** Controls, line ends, what turns the direction of writing; not what joins letters. */
  private static boolean obeyed(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT -> c != 0x200C && c != 0x200D;
      default -> false;
    };
  }

  /** At most {@code width} characters; what is cut off is marked by two dots. */
  public static String cut(String text, int width) {
    return text.length() <= width
        ? text
        : width <= 2 ? text.substring(0, width) : text.substring(0, width - 2) + "..";
  }

  /** Lines of at most {@code width} characters, broken at spaces; longer words stay whole. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : plain(text.strip().replaceAll("\\s+", " ")).split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** {@code 1 run}, {@code 2 runs}. */
  public static String plural(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
