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
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Finds what is of interest in the logs of a run. What cannot be read says nothing. */
final class RunLogs {
  private static final int MOST = 20;
  private static final int ALERTS = 5;

  private final Layout layout;

  RunLogs(Layout layout) {
    this.layout = layout;
  }

  /** As {@link Journal#remarks}; at most twenty, and five alerts. */
  List<String> remarks(RunKey key) {
    Set<String> found = new LinkedHashSet<>();
    Set<String> alerts = new LinkedHashSet<>();
    for (Path log : logs(key)) {
      read(log, remark -> take(remark, found, alerts));
    }
    found.addAll(alerts);
    return List.copyOf(found);
  }

  private static void take(String remark, Set<String> found, Set<String> alerts) {
    if (!remark.startsWith(Journal.ALERT)) {
      if (found.size() < MOST) {
        found.add(remark);
      }
    } else if (alerts.add(remark) && alerts.size() > ALERTS) {
      alerts.remove(alerts.iterator().next());
    }
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

  private static void read(Path log, Consumer<String> found) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(Files.newInputStream(log), UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        int time = line.indexOf(' ');
        if (time > 0 && line.startsWith(Journal.RELAY, time + 1)) {
          found.accept(line.substring(time + 1 + Journal.RELAY.length()));
        }
      }
    } catch (IOException none) {
      // it says nothing
    }
  }
}
