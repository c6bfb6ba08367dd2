package dev.sweeprunner.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Journal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what is of interest in the logs of a run. What cannot be read says nothing. */
final class RunLogs {
  private static final int MOST = 20;

  private final Layout layout;

  RunLogs(Layout layout) {
    this.layout = layout;
  }

  /** As {@link Journal#remarks}; at most twenty. */
  List<String> remarks(RunKey key) {
    Set<String> found = new LinkedHashSet<>();
    for (Path log : logs(key)) {
      read(log, found);
    }
    return List.copyOf(found);
  }

  private List<Path> logs(RunKey key) {
    Path whole = layout.runLog(key);
    if (Files.exists(whole)) {
      return List.of(whole);
    }
    try (Stream<Path> claims = Files.list(layout.metas(key))) {
      List<Path> logs = new ArrayList<>();
      claims
          .map(folder -> String.valueOf(folder.getFileName()))
          .filter(name -> name.matches("\\d{1,9}"))
          .map(Integer::valueOf)
          .sorted()
          .forEach(epoch -> logs.add(layout.runLog(key, epoch)));
      return logs;
    } catch (IOException none) {
      return List.of();
    }
  }

  private static void read(Path log, Set<String> found) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(Files.newInputStream(log), UTF_8))) {
      for (String line = in.readLine(); line != null && found.size() < MOST; line = in.readLine()) {
        int time = line.indexOf(' ');
        if (time > 0 && line.startsWith(Journal.RELAY, time + 1)) {
          found.add(line.substring(time + 1 + Journal.RELAY.length()));
        }
      }
    } catch (IOException none) {
      // it says nothing
    }
  }
}
