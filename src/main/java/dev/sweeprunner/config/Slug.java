package dev.sweeprunner.config;

import java.util.regex.Pattern;

/** Makes a folder name of any text. */
final class Slug {
  private static final int LONGEST = 80;
  private static final Pattern EDGE_BLANKS =
      Pattern.compile("^[\\p{Z}\\t-\\r\\x1c-\\x1f\\x85]+|[\\p{Z}\\t-\\r\\x1c-\\x1f\\x85]+$");
  private static final Pattern OTHERS = Pattern.compile("[^a-zA-Z0-9._-]+");
  private static final Pattern EDGES = Pattern.compile("^[-_.]+|[-_.]+$");

  private Slug() {}

  /** Trimmed, other characters as {@code -}, at most 80 characters; may be empty. */
  static String of(String text) {
    String slug = OTHERS.matcher(EDGE_BLANKS.matcher(text).replaceAll("")).replaceAll("-");
    slug = slug.length() > LONGEST ? slug.substring(0, LONGEST) : slug;
    return EDGES.matcher(slug).replaceAll("");
  }
}
