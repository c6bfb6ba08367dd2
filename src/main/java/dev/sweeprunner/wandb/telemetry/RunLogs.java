package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The lines of a run's log, of all its claims in their order. */
final class RunLogs {
  private final FileSystem files;
  private final Layout layout;

  RunLogs(FileSystem files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  /** Everything there is; empty where nothing can be read. */
  List<Line> of(RunKey key) {
    return text(layout.runLog(key)).map(RunLogs::lines).orElseGet(() -> ofClaims(key));
  }

  private List<Line> ofClaims(RunKey key) {
    List<Line> lines = new ArrayList<>();
    for (int epoch : epochs(key)) {
      text(layout.runLog(key, epoch)).map(RunLogs::lines).ifPresent(lines::addAll);
    }
    return lines;
  }

  private List<Integer> epochs(RunKey key) {
    try {
      return files.list(layout.metas(key)).stream()
          .filter(name -> name.matches("[0-9]{1,9}"))
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  private Optional<String> text(Path file) {
    try {
      return Optional.of(new String(files.read(file), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static List<Line> lines(String text) {
    List<Line> lines = new ArrayList<>();
    Instant when = Instant.EPOCH;
    for (String line : text.lines().toList()) {
      int space = line.indexOf(' ');
      Optional<Instant> stamp = space > 0 ? instant(line.substring(0, space)) : Optional.empty();
      when = stamp.orElse(when);
      lines.add(new Line(when, stamp.isPresent() ? line.substring(space + 1) : line));
    }
    return lines;
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException continuation) {
      return Optional.empty();
    }
  }

  /** A line and when it was written. */
  record Line(Instant when, String text) {}
}
