package dev.sweeprunner.page;

import dev.sweeprunner.run.Owner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One claim from its begin to its end, as a timeline draws it. All times are those that its owners
 * wrote, by their clocks.
 *
 * @param from when it began; of one that nothing tells, when its last record was written
 * @param to when it ended, at the latest; null while it is held
 * @param end how it ended
 * @param detail one sentence, or empty
 * @param publishes how many checkpoints it published; null where the log tells no more
 * @param iterFrom the iteration that it went on from
 * @param iterTo how far it has published
 * @param takesOver whether the owner before had died
 */
record ClaimSpan(
    String runId,
    int epoch,
    Owner owner,
    Instant from,
    @Nullable Instant to,
    End end,
    String detail,
    @Nullable Integer publishes,
    long iterFrom,
    long iterTo,
    boolean takesOver) {
  /** How a claim ended. */
  enum End {
    OPEN("open"),
    FINISHED("finished"),
    RELEASED("released"),
    FAILED("failed"),
    TAKEN_OVER("taken over"),
    POISONED("poisoned"),
    RESET("reset"),
    /** Its owner is gone, and nobody has taken the run yet. */
    SILENT("silent"),
    /** Another followed it, and the log of a finished run tells no more. */
    OVER("over");

    private final String word;

    End(String word) {
      this.word = word;
    }

    /** As the document says it. */
    String word() {
      return word;
    }
  }

  /** As JSON is made of it. */
  Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("run_id", runId);
    members.put("epoch", epoch);
    members.put("worker", owner.worker());
    members.put("cluster", owner.cluster());
    members.put("host", owner.host());
    members.put("device", owner.device());
    members.put("from", from.toString());
    members.put("to", to == null ? null : to.toString());
    members.put("end", end.word());
    members.put("detail", detail);
    members.put("publishes", publishes);
    members.put("iter_from", iterFrom);
    members.put("iter_to", iterTo);
    members.put("takes_over", takesOver);
    return members;
  }
}
