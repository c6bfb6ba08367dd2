package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Several sweeps whose files, and whose list, people edit while somebody looks at them again and
 * again. What cannot be read stays as it was. Belongs to one thread.
 *
 * @param <E> what is made of one sweep's files
 */
public final class Followed<E> {
  private static final Duration STILL = Duration.ofSeconds(1);

  private final Supplier<List<Path>> named;
  private final Function<Path, Editions<E>> open;
  private final Consumer<Duration> pause;
  private final Map<Path, Editions<E>> editions = new LinkedHashMap<>();
  private final List<Path> files;
  private final List<String> wrongList = new ArrayList<>();

  /**
   * These sweeps from now on.
   *
   * @param files as they were named first
   * @param first what their files held, by the same names
   * @param named names them as the command line, or its list, does now; throws UserError
   * @param open reads another one; throws UserError
   * @param pause waits
   */
  public Followed(
      List<Path> files,
      Map<Path, Editions<E>> first,
      Supplier<List<Path>> named,
      Function<Path, Editions<E>> open,
      Consumer<Duration> pause) {
    this.named = named;
    this.open = open;
    this.pause = pause;
    this.files = new ArrayList<>(files);
    editions.putAll(first);
  }

  /** The newest good edition of each; costs a read of all files. */
  public List<E> newest() {
    wrongList.clear();
    try {
      if (edited()) {
        pause.accept(STILL); // an editor may empty a file before it writes it
        take(named.get());
      }
    } catch (UserError broken) {
      wrongList.add(String.valueOf(broken.getMessage()));
    }
    editions.values().forEach(Editions::renew);
    return editions.values().stream().map(Editions::newest).toList();
  }

  /** What is wrong with the files as they are now; empty where all could be read. */
  public List<String> complaints() {
    List<String> all = new ArrayList<>(wrongList);
    editions.values().forEach(edition -> edition.complaint().ifPresent(all::add));
    return all;
  }

  private boolean edited() {
    try {
      return !named.get().equals(files);
    } catch (UserError perhapsOnlyNow) {
      return true;
    }
  }

  private void take(List<Path> now) {
    Map<Path, Editions<E>> next = new LinkedHashMap<>();
    for (Path file : now) {
      Editions<E> known = editions.get(file);
      next.put(file, known != null ? known : open.apply(file));
    }
    editions.clear();
    editions.putAll(next);
    files.clear();
    files.addAll(now);
  }
}
