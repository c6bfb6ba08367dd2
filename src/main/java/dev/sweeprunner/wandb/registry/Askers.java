package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The write-once files by which the workers of a storage root agree on who asks for which
 * generation of an answer. Belongs to one thread.
 */
final class Askers {
  /** How long an asker's file is watched standing still before the asker counts as dead. */
  static final Duration DEAD = Duration.ofSeconds(60);

  private static final Duration BEAT = Duration.ofSeconds(5);

  private final RegistryPorts ports;
  private final LongFunction<Path> place;
  private final Map<Long, Watch> watches = new HashMap<>();

  Askers(RegistryPorts ports, LongFunction<Path> place) {
    this.ports = ports;
    this.place = place;
  }

  /** A file and since when, in nanoseconds, it looks like this. */
  private record Watch(Instant modified, long since) {}

  /**
   * Makes this process the asker of a generation.
   *
   * @throws FileAlreadyExistsException if another one is
   */
  void enter(long generation) throws IOException {
    Path file = place.apply(generation);
    Path folder = file.getParent();
    if (folder != null) {
      ports.files().makeFolders(folder);
    }
    ports.files().create(file, beat(0));
  }

  /** By how much this host's clock is ahead of the file server's, by the asker's own new file. */
  @Nullable Duration skew(long generation) {
    try {
      Instant there = ports.files().modified(place.apply(generation));
      return Duration.between(there, ports.clock().now());
    } catch (IOException unknown) {
      return null;
    }
  }

  /** Whether somebody has entered for this generation, as far as can be seen. */
  boolean entered(long generation) {
    try {
      ports.files().read(place.apply(generation));
      return true;
    } catch (IOException no) {
      return false;
    }
  }

  /** Whether the asker of this generation has been watched standing still for long enough. */
  boolean dead(long generation) {
    try {
      Path file = place.apply(generation);
      ports.files().read(file);
      Instant modified = ports.files().modified(file);
      long now = ports.clock().nanos();
      Watch watch = watches.get(generation);
      if (watch == null || !watch.modified().equals(modified)) {
        watches.put(generation, new Watch(modified, now));
        return false;
      }
      return now - watch.since() >= DEAD.toNanos();
    } catch (NoSuchFileException gone) {
      watches.remove(generation);
      return false;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** Removes the files of these generations, which have been answered or given up. */
  void leave(long from, long to) {
    watches.clear();
    for (long generation = from; generation <= to; generation++) {
      try {
        ports.files().delete(place.apply(generation));
      } catch (IOException left) {
        // Others will watch it stand still.
      }
    }
  }

  /** A sign of life for the asker of this generation, to be given as often as one likes. */
  Life life(long generation) {
    return new Life(place.apply(generation));
  }

  private static byte[] beat(long count) {
    return String.format(Locale.ROOT, "%010d%n", count).getBytes(StandardCharsets.US_ASCII);
  }

  /** Rewrites the asker's file every few seconds; where that fails, the asker looks dead. */
  final class Life implements AutoCloseable {
    private final FileSystem.@Nullable Beat file;
    private long count;
    private long last = ports.clock().nanos();

    private Life(Path path) {
      this.file = open(path);
    }

    private FileSystem.@Nullable Beat open(Path path) {
      try {
        return ports.files().openBeat(path);
      } catch (IOException silent) {
        return null;
      }
    }

    void sign() {
      long now = ports.clock().nanos();
      if (file == null || now - last < BEAT.toNanos()) {
        return;
      }
      last = now;
      try {
        file.write(beat(++count));
      } catch (IOException silent) {
        // The next one may succeed.
      }
    }

    @Override
    public void close() {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException closedAnyway) {
        // Nothing depends on it.
      }
    }
  }
}
