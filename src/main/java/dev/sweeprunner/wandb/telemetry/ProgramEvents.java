package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The system metrics that a run's program has told, by their numbers over all claims. Those that
 * W&amp;B has are not sent again. Belongs to one thread.
 */
final class ProgramEvents {
  private final ClaimsLines lines;
  private long read;
  private long sent;
  private List<String> next = List.of();

  /**
   * Metrics behind what W&amp;B has.
   *
   * @param there lines that W&amp;B has
   */
  ProgramEvents(ClaimsLines lines, long there) {
    this.lines = lines;
    this.sent = there;
  }

  /** The number of the first line of {@link #peek}. */
  long first() {
    return sent;
  }

  /** The next lines that have not arrived, at most so many. */
  List<String> peek(int most) throws IOException {
    while (next.isEmpty()) {
      List<ClaimsLines.Line> more = lines.next(most);
      if (more.isEmpty()) {
        break;
      }
      List<String> whole =
          more.stream().map(ClaimsLines.Line::text).filter(ProgramEvents::isObject).toList();
      int known = (int) Math.min(whole.size(), Math.max(0, sent - read));
      read += whole.size();
      next = whole.subList(known, whole.size());
    }
    return next;
  }

  /** What {@link #peek} gave last, unless it has arrived. */
  List<String> gathered() {
    return next;
  }

  /** They have arrived. */
  void sent() {
    sent += next.size();
    next = List.of();
  }

  private static boolean isObject(String line) {
    try {
      Json.object(line.getBytes(StandardCharsets.UTF_8));
      return true;
    } catch (UnreadableJson damaged) {
      return false;
    }
  }
}
