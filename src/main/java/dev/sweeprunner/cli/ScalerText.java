package dev.sweeprunner.cli;

import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.scale.Memory;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Names the process that submits tasks for a storage root.
 *
 * @param scaler the process
 */
public record ScalerText(Scaler scaler) {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  /** {@code scale on node7 (pid 412, ada)}. */
  String who() {
    Owner owner = scaler.owner();
    if (owner == null) {
      return "a scale that cannot be named";
    }
    SlurmTask task = owner.slurm();
    String job = task == null ? "" : ", job " + task.display();
    return "scale on " + owner.host() + " (pid " + owner.pid() + ", " + owner.user() + job + ")";
  }

  /**
   * How the scaler of a storage root stands, for {@code status}.
   *
   * @param zone of the times of day
   */
  public String standing(List<Memory.Paused> paused, ZoneId zone) {
    String ago = HumanFormat.ago(scaler.silent());
    StringBuilder all =
        new StringBuilder(
            scaler.left()
                ? "No scale runs here now; the last was " + who() + ", " + ago + "."
                : "Tasks are submitted by " + who() + ", last seen " + ago + ".");
    for (Memory.Paused profile : paused) {
      all.append(" " + profile.profile() + " is paused until ")
          .append(MINUTE.format(profile.until().atZone(zone)) + ": " + profile.why() + ".");
    }
    return all.toString();
  }

  /** That it keeps others out, and since when it is silent. */
  String has() {
    return who() + " has this storage root, last seen " + HumanFormat.ago(scaler.silent());
  }
}
