package dev.sweeprunner.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the relative paths inside a sweep (base TOML, data files) are looked for: the working
 * directory first, then the folder of the sweep file and each folder above it.
 *
 * <p>Immutable; safe for all threads. Asks the file system anew at each call.
 */
public final class Places {
  private final List<Path> roots;

  private Places(List<Path> roots) {
    this.roots = roots;
  }

  /**
   * The places of one sweep file.
   *
   * @param workingDirectory the absolute working directory of the process
   * @param sweepFile the sweep file; a relative one stands in the working directory
   */
  public static Places of(Path workingDirectory, Path sweepFile) {
    Path home = workingDirectory.toAbsolutePath().normalize();
    Set<Path> roots = new LinkedHashSet<>();
    roots.add(home);
    Path folder = home.resolve(sweepFile).normalize().getParent();
    while (folder != null) {
      roots.add(folder);
      folder = folder.getParent();
    }
    return new Places(List.copyOf(roots));
  }

  /** The folders that are searched, in order. */
  public List<Path> roots() {
    return roots;
  }

  /**
   * Every path that {@code relative} may mean, in the order tried; an absolute one means itself.
   */
  public List<Path> tried(String relative) {
    List<Path> paths = new ArrayList<>();
    for (Path root : roots) {
      Path path = root.resolve(relative).normalize();
      if (!paths.contains(path)) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** The first of {@link #tried} that is there and is a file, or empty. */
  public Optional<Path> find(String relative) {
    return tried(relative).stream().filter(Files::isRegularFile).findFirst();
  }
}
