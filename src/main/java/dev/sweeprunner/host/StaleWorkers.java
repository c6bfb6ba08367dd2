package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Pause;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes what workers left that are long gone: report, name and job repository, three files for
 * each task id of Slurm. Nothing else below the storage root.
 *
 * <p>Gone is a worker whose newest file is {@link #OLD older than a week} by the file server's own
 * times, beside this worker's report, was not touched while this process watched, and whose process
 * is not proven alive here: a living one writes its report at each look and while it trains. So no
 * clock that is wrong removes what a living worker needs.
 *
 * <p>Each process looks at a few, in an order of its own, so that many that start together neither
 * storm the server nor get into each other's way. A failure is left to the next.
 */
public final class StaleWorkers {
  static final Duration OLD = Duration.ofDays(7);

  /** Longer than an idle worker ever waits between two looks. */
  static final Duration WATCHED = Duration.ofMinutes(5);

  private static final Duration EVERY = Duration.ofHours(1);

  /** So many workers are looked at each time. */
  static final int MOST = 64;

  private static final String REPORT = ".json";
  private static final Pattern NAME =
      Pattern.compile("(.+)\\Q" + Layout.NAME_MARK + "\\E([0-9]{8})");
  private static final Pattern SECOND = Pattern.compile("(.+)-[0-9]+");
  private static final String DAMAGED = ".damaged";

  private final FileSystem files;
  private final Layout layout;
  private final WorkerNames names;
  private final String own;
  private final long pid;
  private final Random order;

  /** The workers of one storage root, as the worker {@code own} sees them. */
  StaleWorkers(FileSystem files, Layout layout, WorkerNames names, String own, ThisProcess self) {
    this.files = files;
    this.layout = layout;
    this.names = names;
    this.own = own;
    this.pid = self.pid();
    this.order = new Random(self.incarnation().hashCode());
  }

  /** Looks in the background, for the first time after a while, until the process ends. */
  public StaleWorkers watch(Pause pause) {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                pause.pause(WATCHED);
                List<Left> old = look();
                pause.pause(WATCHED);
                remove(old);
                pause.pause(old.size() > MOST / 2 ? WATCHED : EVERY);
              }
            },
            "stale-workers");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  /**
   * What one worker left.
   *
   * @param slots of its name
   * @param times of all its files, when they were looked at
   */
  record Left(String worker, List<Integer> slots, Map<Path, Instant> times) {}

  /** Some of those whose files are all old. */
  List<Left> look() {
    try {
      Instant now = files.modified(layout.worker(own));
      List<Map.Entry<String, List<Path>>> workers = new ArrayList<>(byWorker().entrySet());
      Collections.shuffle(workers, order);
      return workers.stream()
          .limit(MOST)
          .flatMap(entry -> left(entry.getKey(), entry.getValue(), now).stream())
          .toList();
    } catch (IOException e) {
      return List.of(); // what cannot be looked at is not old
    }
  }

  private Optional<Left> left(String worker, List<Path> paths, Instant now) {
    try {
      Map<Path, Instant> times = times(paths);
      return times.values().stream().allMatch(time -> time.plus(OLD).isBefore(now))
          ? Optional.of(new Left(worker, slots(paths), times))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // somebody is at it
    }
  }

  /** Removes those of them that were not touched since. */
  void remove(List<Left> old) {
    for (Left left : old) {
      try {
        if (untouched(left) && names.retire(left.worker, left.slots)) {
          removeRest(left);
        }
      } catch (IOException e) {
        continue; // the next look comes here again
      }
    }
  }

  /**
   * Removes what this worker needs no more, where it is a Slurm task that does not come back. Its
   * report stays for a week: whoever counts tasks wants to know what became of it.
   */
  public void leave() {
    try {
      if (names.leave(own)) {
        files.delete(layout.batch(own));
        files.delete(layout.batch(own + "-" + pid)); // where another held the first
      }
    } catch (IOException e) {
      return; // others remove it in a week
    }
  }

  /** A file that was touched, or is gone, belongs to somebody. */
  private boolean untouched(Left left) throws IOException {
    return times(left.times.keySet()).equals(left.times);
  }

  /** What is not its name. */
  private void removeRest(Left left) throws IOException {
    for (Path file : left.times.keySet()) {
      if (slot(file) == 0) {
        files.delete(file);
      }
    }
  }

  /** All files of all workers but this one, by the worker's name. */
  private Map<String, List<Path>> byWorker() throws IOException {
    Map<String, List<Path>> all = new TreeMap<>();
    for (String entry : files.list(layout.workers())) {
      Matcher name = NAME.matcher(entry);
      if (entry.endsWith(REPORT) && !entry.startsWith(".")) {
        put(all, entry.substring(0, entry.length() - REPORT.length()), layout.workers(), entry);
      } else if (name.matches()) {
        put(all, name.group(1), layout.workers(), entry);
      }
    }
    for (String entry : repositories()) {
      put(all, owner(entry, all), layout.batch(), entry);
    }
    all.remove(own);
    return all;
  }

  private List<String> repositories() throws IOException {
    try {
      return files.list(layout.batch()).stream()
          .filter(entry -> entry.endsWith(Layout.BATCH_SUFFIX) && !entry.startsWith("."))
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  /** Also of a second or a damaged one, where its worker has left anything else. */
  private static String owner(String repository, Map<String, List<Path>> known) {
    String stem = repository.substring(0, repository.length() - Layout.BATCH_SUFFIX.length());
    if (stem.endsWith(DAMAGED)) {
      stem = stem.substring(0, stem.length() - DAMAGED.length());
    }
    Matcher second = SECOND.matcher(stem);
    return !known.containsKey(stem) && second.matches() && known.containsKey(second.group(1))
        ? second.group(1)
        : stem;
  }

  private static void put(Map<String, List<Path>> all, String worker, Path folder, String entry) {
    all.computeIfAbsent(worker, absent -> new ArrayList<>()).add(folder.resolve(entry));
  }

  private static List<Integer> slots(List<Path> paths) {
    return paths.stream().map(StaleWorkers::slot).filter(slot -> slot > 0).sorted().toList();
  }

  private static int slot(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() ? Integer.parseInt(name.group(2)) : 0;
  }

  private Map<Path, Instant> times(Collection<Path> paths) throws IOException {
    Map<Path, Instant> times = new HashMap<>();
    for (Path path : paths) {
      times.put(path, files.modified(path));
    }
    return times;
  }
}
