package dev.sweeprunner.config;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Makes folder names of texts. */
final class Slug {
  private static final int LONGEST = 80;
  private static final Pattern EDGE_BLANKS =
      Pattern.compile("^[\\p{Z}\\t-\\r\\x1c-\\x1f\\x85]+|[\\p{Z}\\t-\\r\\x1c-\\x1f\\x85]+$");
  private static final Pattern OTHERS = Pattern.compile("[^a-zA-Z0-9._-]+");
  private static final Pattern EDGES = Pattern.compile("^[-_.]+|[-_.]+$");

  private Slug() {}

  /**
   * A folder name for any text: its slug, with a hash behind it where the slug is empty or the text
   * is more than ASCII, so that names in other scripts keep apart. Plain names keep the folders
   * that they have had from the beginning.
   */
  static String folder(String text) {
    String trimmed = EDGE_BLANKS.matcher(text).replaceAll("");
    String slug = of(text);
    if (!slug.isEmpty() && trimmed.chars().allMatch(c -> c < 0x80)) {
      return slug;
    }
    String hash =
        HexFormat.of().formatHex(Blake2s.digest(trimmed.getBytes(StandardCharsets.UTF_8), 4));
    int room = LONGEST - hash.length() - 1;
    return slug.isEmpty() ? hash : slug.substring(0, Math.min(slug.length(), room)) + "-" + hash;
  }

  /** Trimmed, other characters as {@code -}, at most 80 characters; may be empty. */
  static String of(String text) {
    String slug = OTHERS.matcher(EDGE_BLANKS.matcher(text).replaceAll("")).replaceAll("-");
    slug = slug.length() > LONGEST ? slug.substring(0, LONGEST) : slug;
    return EDGES.matcher(slug).replaceAll("");
  }
}
