package dev.sweeprunner.run;

import java.time.Duration;

/** What the batch system says about the job of a claim's owner. */
public interface Scheduler {
  /** The owner's job. Never throws. */
  View view(Owner owner);

  /** Where there is no batch system to ask. */
  static Scheduler none() {
    return owner -> new View.Unknown("no batch system was asked");
  }

  /** The answer: unknown is not dead. */
  sealed interface View {
    /** No evidence either way. */
    record Unknown(String why) implements View {}

    /** The same task is queued again and will come back for its run; left to it for a while. */
    record Returning(String job, Duration leftToItFor) implements View {}
  }
}
