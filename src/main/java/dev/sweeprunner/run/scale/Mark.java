package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Instant;
import java.util.Map;

/**
 * How far a run was when it was looked at.
 *
 * @param task the id of the task that holds it
 * @param iter completed updates
 * @param at wall time
 */
record Mark(String task, long iter, Instant at) {
  Map<String, ?> members() {
    return Map.of("task", task, "iter", iter, "at", at.toString());
  }

  static Mark of(Fields fields) throws UnreadableJson {
    return new Mark(fields.text("task"), fields.number("iter"), Times.of(fields.text("at")));
  }
}
