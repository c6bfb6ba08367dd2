package dev.sweeprunner.wandb;

import dev.sweeprunner.problem.ShellWord;
import dev.sweeprunner.run.Delivery;
import java.nio.file.Path;
import java.util.List;

/**
 * What a worker that leaves says of what W&amp;B lacks, and how it is sent later.
 *
 * @param storage the storage root
 * @param given whether the user named it; else {@code sync} finds it as this worker did
 */
public record Undelivered(Path storage, boolean given) {
  private static final int MOST_NAMED = 5;

  /** One sentence of fact, and the way out. */
  String of(List<String> runIds, Delivery delivery) {
    String runs = runIds.size() == 1 ? "1 run" : runIds.size() + " runs";
    String rows = delivery.rows() == 1 ? "1 row" : delivery.rows() + " rows";
    String named = String.join(", ", runIds.subList(0, Math.min(MOST_NAMED, runIds.size())));
    return (delivery.rows() == 0 ? "The end of " + runs : rows + " of " + runs)
        + (delivery.rows() <= 1 ? " is" : " are")
        + " not at W&B yet ("
        + named
        + (runIds.size() > MOST_NAMED ? ", ..." : "")
        + ")"
        + (delivery.why() == null ? "" : ": " + delivery.why())
        + ". Nothing is lost; when W&B can be reached, send it with: "
        + command();
  }

  /** The command that sends it. */
  String command() {
    return "./sweep-runner sync" + (given ? " --storage " + ShellWord.of(storage.toString()) : "");
  }
}
