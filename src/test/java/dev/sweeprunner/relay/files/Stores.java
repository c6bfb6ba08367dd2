package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.testkit.relay.StoringProgram;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Makes stores whose addresses are drawn from a count. */
final class Stores {
  final List<String> said = new ArrayList<>();
  private final AtomicLong drawn = new AtomicLong();

  StoredFiles store(FileSystem disk, Path folder, List<Path> earlier, Bounds bounds) {
    StorePorts ports =
        new StorePorts(
            disk,
            StoringProgram.ADDRESS,
            () -> String.format("%032x", drawn.incrementAndGet()),
            said::add);
    return new StoredFiles(folder, earlier, ports, bounds);
  }
}
