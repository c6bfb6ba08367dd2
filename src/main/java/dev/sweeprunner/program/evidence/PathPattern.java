package dev.sweeprunner.program.evidence;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of files or folders: {@code *} and {@code ?} within a name, {@code **} for any folders
 * between (five at most), <code>{iter}</code> for the digits that are the iteration. Relative to a
 * folder, or absolute.
 */
final class PathPattern {
  private static final int DEEPEST = 5;
  private static final String ITER = "{iter}";
  private static final String DEEP = "**";

  private final String text;
  private final List<String> segments;

  private PathPattern(String text, List<String> segments) {
    this.text = text;
    this.segments = segments;
  }

  /** A pattern that this program brings. */
  static PathPattern of(String text) {
    return of("", text);
  }

  /**
   * A user's pattern.
   *
   * @param where the option, for the error
   */
  static PathPattern of(String where, String text) {
    List<String> segments = new ArrayList<>();
    for (String segment : text.split("/")) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    boolean several = text.indexOf(ITER) != text.lastIndexOf(ITER);
    if (segments.isEmpty() || segments.contains("..") || several) {
      throw new UserError(
          where,
          text + " is no pattern of files",
          "Write names with *, ? and **, and {iter} once for the iteration: ckpt/step-{iter}.pt");
    }
    return new PathPattern(text, List.copyOf(segments));
  }

  /** Whether names tell the iteration. */
  boolean tellsIteration() {
    return text.contains(ITER);
  }

  /** All that stands there now; a folder is listed at most once. */
  List<Match> matches(Path root, Listing listing) {
    List<Match> found = new ArrayList<>();
    Path from = text.startsWith("/") ? root.resolve("/") : root;
    collect(new Match(from, OptionalLong.empty()), 0, DEEPEST, listing, found);
    return found;
  }

  private void collect(Match at, int index, int deep, Listing listing, List<Match> found) {
    if (index == segments.size()) {
      found.add(at);
      return;
    }
    String segment = segments.get(index);
    if (segment.equals(DEEP)) {
      collect(at, index + 1, deep, listing, found);
      descend(at, index, deep, listing, found);
    } else if (plain(segment)) {
      Path next = at.path().resolve(segment);
      if (Listing.attributes(next) != null) {
        collect(new Match(next, at.iter()), index + 1, deep, listing, found);
      }
    } else {
      choose(at, index, deep, listing, found);
    }
  }

  private void descend(Match at, int index, int deep, Listing listing, List<Match> found) {
    if (deep == 0) {
      return;
    }
    for (String name : listing.names(at.path())) {
      Path next = at.path().resolve(name);
      if (!name.startsWith(".") && Listing.isFolder(next)) {
        collect(new Match(next, at.iter()), index, deep - 1, listing, found);
      }
    }
  }

  private void choose(Match at, int index, int deep, Listing listing, List<Match> found) {
    Pattern names = expression(segments.get(index));
    for (String name : listing.names(at.path())) {
      Matcher matcher = names.matcher(name);
      if (matcher.matches()) {
        OptionalLong iter = matcher.groupCount() == 0 ? at.iter() : number(matcher.group(1));
        Path next = at.path().resolve(name);
        if (index == segments.size() - 1 || Listing.attributes(next) != null) {
          collect(new Match(next, iter), index + 1, deep, listing, found);
        }
      }
    }
  }

  private static OptionalLong number(@Nullable String digits) {
    return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  private static boolean plain(String segment) {
    return !segment.contains("*") && !segment.contains("?") && !segment.contains(ITER);
  }

  private static Pattern expression(String segment) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < segment.length(); i++) {
      if (segment.startsWith(ITER, i)) {
        expression.append("(\\d{1,18})");
        i += ITER.length() - 1;
      } else {
        char c = segment.charAt(i);
        expression.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL);
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * Something that is there.
   *
   * @param path of it
   * @param iter the iteration in its name
   */
  record Match(Path path, OptionalLong iter) {}
}
