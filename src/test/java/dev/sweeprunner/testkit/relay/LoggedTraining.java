package dev.sweeprunner.testkit.relay;

import dev.sweeprunner.host.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * A program that logs rows and saves every few of them: {@code KIND ROWS EVERY DEATH...}, where a
 * death is the row after which the first life ends, the second, and so on. A row holds its own
 * number, so that one in the wrong place is seen.
 */
public final class LoggedTraining {
  private LoggedTraining() {}

  /** Trains on from what it has saved. */
  public static void main(String[] words)
      throws IOException, LoggingClient.InitFailed, InterruptedException {
    Map<String, String> environment = System.getenv();
    Path out = Path.of(environment.getOrDefault("OUT_DIR", "."));
    int life = born(Path.of("lives"));
    int dies = words.length > 3 + life ? Integer.parseInt(words[3 + life]) : -1;
    LoggingClient client =
        LoggingClient.init(ClientSettings.of(environment), new SystemClock(), Map.of("lr", 1));
    client.postEvery(Duration.ofMillis(100), LoggedTraining::sleep);
    if (words[0].equals("axis")) {
      client.defineMetric("i", "epoch");
    }
    int every = Integer.parseInt(words[2]);
    for (int i = saved(out); i < Integer.parseInt(words[1]); i++) {
      log(client, words[0], i);
      if ((i + 1) % every == 0) {
        save(out, i + 1);
      }
      Thread.sleep(40);
      if (i == dies) {
        Runtime.getRuntime().halt(9);
      }
    }
    client.finish(0);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many lives there were before this one. */
  private static int born(Path lives) throws IOException {
    int before = Files.exists(lives) ? Files.readAllLines(lives).size() : 0;
    Files.writeString(lives, "x\n".repeat(before + 1));
    return before;
  }

  private static void log(LoggingClient client, String kind, int i) {
    switch (kind) {
      case "explicit" -> client.log(i, Map.of("i", i));
      case "axis" -> client.log(Map.of("i", i, "epoch", i));
      default -> client.log(Map.of("i", i));
    }
  }

  private static int saved(Path out) throws IOException {
    Path state = out.resolve("state.json");
    return Files.exists(state) ? Integer.parseInt(Files.readString(state).strip()) : 0;
  }

  private static void save(Path out, int done) throws IOException {
    Path fresh = Files.writeString(out.resolve("state.new"), done + "\n");
    Files.move(fresh, out.resolve("state.json"), StandardCopyOption.ATOMIC_MOVE);
  }
}
