package dev.sweeprunner.train.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Files by a glob pattern: {@code *}, {@code ?} and {@code [abc]} or {@code [!abc]} in any segment;
 * a leading dot must be written out.
 */
final class FilePattern {
  private FilePattern() {}

  /**
   * The files that match under the first of the places where any does, sorted by name.
   *
   * @param places a relative pattern to the absolute ones it may mean, in order
   * @return empty if nothing matches anywhere
   */
  static List<Path> find(String pattern, Function<String, List<Path>> places) throws IOException {
    for (Path candidate : places.apply(pattern)) {
      List<Path> found = match(candidate);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static List<Path> match(Path pattern) throws IOException {
    Path absolute = pattern.toAbsolutePath();
    List<Path> reached = new ArrayList<>();
    reached.add(absolute.getRoot());
    for (Path segment : absolute) {
      List<Path> next = new ArrayList<>();
      for (Path folder : reached) {
        step(folder, segment.toString(), next);
      }
      reached = next;
    }
    reached.removeIf(path -> !Files.isRegularFile(path));
    reached.sort(Comparator.comparing(Path::toString));
    return reached;
  }

  private static void step(Path folder, String segment, List<Path> next) throws IOException {
    if (!segment.matches(".*[*?\\[].*")) {
      next.add(folder.resolve(segment));
      return;
    }
    Pattern regex = Pattern.compile(regex(segment));
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (regex.matcher(name).matches() && name.startsWith(".") == segment.startsWith(".")) {
          next.add(entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Nothing there: nothing matches.
    }
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
      if (close > 0) {
        boolean not = glob.charAt(i + 1) == '!';
        String set =
            glob.substring(i + (not ? 2 : 1), close).replaceAll("[\\\\\\[\\]^&]", "\\\\$0");
        regex.append('[').append(not ? "^" : "").append(set).append(']');
        i = close;
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
