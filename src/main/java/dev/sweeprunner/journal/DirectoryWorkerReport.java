package dev.sweeprunner.journal;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.WorkerReport;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code out/.workers/{worker}.json}, replaced as a whole each time. Any thread. */
public final class DirectoryWorkerReport implements WorkerReport {
  private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9._-]+");
  private static final String SUFFIX = ".json";

  /** Reports that are read; of more, the newest: those that are gone for long tell nothing. */
  static final int MOST = 1000;

  private final FileSystem files;
  private final Layout layout;

  /** Names the worker files of one storage root; touches nothing. */
  public DirectoryWorkerReport(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  @Override
  public void report(Status status) {
    try {
      var file = layout.worker(fileName(status.owner().worker()));
      files.makeFolders(layout.workers());
      files.replace(file, StatusDocument.encode(status));
    } catch (IOException lost) {
      // It is only a report: the work goes on.
    }
  }

  @Override
  public List<Status> all() {
    try {
      var names =
          files.list(layout.workers()).stream()
              .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
              .toList();
      var read = names.size() <= MOST ? names : newest(names);
      return read.stream().sorted().flatMap(name -> read(name).stream()).toList();
    } catch (IOException noFolder) {
      return List.of();
    }
  }

  @Override
  public Optional<Status> of(String worker) {
    return read(fileName(worker) + SUFFIX).filter(status -> status.owner().worker().equals(worker));
  }

  private List<String> newest(List<String> names) {
    var times = new HashMap<String, Instant>();
    names.forEach(name -> times.put(name, written(name)));
    return names.stream()
        .sorted(Comparator.<String, Instant>comparing(times::get).reversed())
        .limit(MOST)
        .toList();
  }

  private Instant written(String name) {
    try {
      return files.modified(layout.workers().resolve(name));
    } catch (IOException gone) {
      return Instant.MIN;
    }
  }

  private Optional<Status> read(String name) {
    try {
      return Optional.of(StatusDocument.decode(files.read(layout.workers().resolve(name))));
    } catch (IOException | UnreadableJson unreadable) {
      return Optional.empty();
    }
  }

  /**
   * A worker's name as a file name: what is not a letter, digit, dot, underscore or hyphen becomes
   * a hyphen, and a name that was changed is told from its likes by a piece of its hash.
   */
  static String fileName(String worker) {
    var slug = STRANGE.matcher(worker).replaceAll("-").replaceFirst("^[.-]+", "");
    slug = slug.substring(0, Math.min(slug.length(), 100));
    if (slug.equals(worker)) {
      return slug;
    }
    return slug + "-" + Sha256.of(worker).substring(0, 6);
  }
}
