package dev.sweeprunner.run;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What Slurm says about the job of a claim's owner. */
public interface Scheduler {
  /** The owner's job. Never throws and never waits for long: what is not known yet is unknown. */
  View view(Owner owner);

  /** Where there is no Slurm to ask. */
  static Scheduler none() {
    return owner -> new View.Unknown("Slurm was not asked");
  }

  /** The answer: unknown is not dead. */
  sealed interface View {
    /** No evidence either way. */
    record Unknown(String why) implements View {}

    /** The job is there, in this very life; whether its process works is for the beat to say. */
    record Present(Job job) implements View {
      @Override
      public Optional<Job> known() {
        return Optional.of(job);
      }
    }

    /** This life of the task is over; the same task is queued again, or has just started anew. */
    record Returning(Job job) implements View {
      @Override
      public Optional<Job> known() {
        return Optional.of(job);
      }
    }

    /**
     * Proven: this life of the job is over and nothing of it comes back.
     *
     * @param job its id as users write it
     * @param how its end in words, for example {@code is FAILED}
     * @param last what Slurm still lists under this id, or null
     */
    record Gone(String job, String how, @Nullable Job last) implements View {
      /** Gone without a trace in the list. */
      public Gone(String job, String how) {
        this(job, how, null);
      }

      @Override
      public Optional<Job> known() {
        return Optional.ofNullable(last);
      }
    }

    /** The job behind a claim, where Slurm knows one. */
    default Optional<Job> known() {
      return Optional.empty();
    }

    /** Whether the owner's life is proven to be over. */
    default boolean over() {
      return this instanceof Returning || this instanceof Gone;
    }
  }

  /**
   * A job as Slurm lists it.
   *
   * @param id as users write it
   * @param state in Slurm's own long word, for example {@code RUNNING}
   * @param reason why it is in that state, or empty
   * @param restarts how often it was requeued
   * @param left until its time limit, or null where there is none or nobody knows
   */
  record Job(String id, String state, String reason, int restarts, @Nullable Duration left) {
    /** Whether Slurm has stopped its processes, to let them go on later. */
    public boolean suspended() {
      return state.equals("SUSPENDED") || state.equals("STOPPED");
    }
  }
}
