package dev.sweeprunner.program.evidence;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one look, each listed once and all of them bounded. What cannot be listed, or
 * vanishes meanwhile, is empty: a program changes its folder while it is looked at.
 */
final class Listing {
  private static final int MOST_ENTRIES = 10_000;

  private final Map<Path, List<String>> names = new HashMap<>();
  private int left = MOST_ENTRIES;

  /** The names in a folder; cut short when the look has seen ten thousand. */
  List<String> names(Path folder) {
    List<String> known = names.get(folder);
    if (known == null) {
      known = list(folder);
      names.put(folder, known);
    }
    return known;
  }

  /** Whether a name was left out. */
  boolean cutShort() {
    return left <= 0;
  }

  /** Whether this is a folder and no link to one, so that a walk ends. */
  static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** What stands there, followed through links; null if nothing does. */
  static @Nullable BasicFileAttributes attributes(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  private List<String> list(Path folder) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (--left < 0) {
          break;
        }
        found.add(String.valueOf(entry.getFileName()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      return found;
    }
    return found;
  }
}
