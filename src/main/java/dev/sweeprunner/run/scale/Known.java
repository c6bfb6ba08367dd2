package dev.sweeprunner.run.scale;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a scaler remembers of one task. Mutable; belongs to one look.
 *
 * <p>It is settled when its end was taken note of, and forgotten when Slurm lists it no longer.
 */
final class Known {
  final Instant submitted;

  /**
   * Names of the sweeps that it was submitted for; empty where nobody knows: then it is for all.
   */
  final Set<String> sweeps;

  /** Whether this scaler or one before submitted it, so that its submission's time is true. */
  final boolean own;

  boolean claimed;
  boolean cancelled;
  boolean settled;
  boolean started;

  /** Since when it could have claimed a run and has not, or null. */
  @Nullable Instant idle;

  Known(Instant submitted, Set<String> sweeps, boolean own) {
    this.submitted = submitted;
    this.sweeps = Set.copyOf(sweeps);
    this.own = own;
  }

  Map<String, ?> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("submitted", submitted.toString());
    members.put("sweeps", List.copyOf(sweeps));
    members.put("own", own);
    members.put("claimed", claimed);
    members.put("cancelled", cancelled);
    members.put("settled", settled);
    members.put("started", started);
    if (idle != null) {
      members.put("idle", idle.toString());
    }
    return members;
  }

  static Known of(Fields fields) throws UnreadableJson {
    Known known =
        new Known(
            Times.of(fields.text("submitted")),
            Set.copyOf(fields.texts("sweeps")),
            fields.flag("own"));
    known.claimed = fields.flag("claimed");
    known.cancelled = fields.flag("cancelled");
    known.settled = fields.flag("settled");
    known.started = fields.flag("started");
    known.idle = Times.orNull(fields, "idle");
    return known;
  }
}
