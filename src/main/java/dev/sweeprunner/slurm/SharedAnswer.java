package dev.sweeprunner.slurm;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.HostAnswers;
import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer of Slurm, shared by all processes of one user on one host, so that eight
 * workers of a node ask once. Only answers are kept: whoever got none is free to ask again. Any
 * thread.
 */
final class SharedAnswer {
  private static final String NAME = "squeue.json";

  private final HostAnswers answers;
  private final Clock clock;

  /**
   * The answer below this folder.
   *
   * @param folder local to the host, this user's own
   */
  SharedAnswer(FileSystem files, Path folder, Clock clock) {
    this.answers = new HostAnswers(files, folder, clock::now);
    this.clock = clock;
  }

  /** The answer of this Slurm, if it is younger than {@code fresh}. */
  Optional<Snapshot> find(String configuration, Duration fresh) {
    return answers.find(
        NAME,
        (in, age) -> {
          if (age.compareTo(fresh) >= 0 || !in.text("configuration").equals(configuration)) {
            return null;
          }
          SlurmSite site =
              new SlurmSite(in.text("controller"), Duration.ofSeconds(in.number("kill_wait")));
          return new Snapshot(clock.nanos() - age.toNanos(), site, Squeue.read(in.text("squeue")));
        });
  }

  /**
   * Keeps an answer for the others.
   *
   * @param at when it was asked for
   */
  void keep(String configuration, Instant at, @Nullable SlurmSite site, Squeue.Answer answer) {
    if (site != null && answer instanceof Squeue.Answer.Jobs jobs) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("configuration", configuration);
      members.put("controller", site.controller());
      members.put("kill_wait", site.killWait().toSeconds());
      members.put("squeue", jobs.text());
      answers.keep(NAME, at, members);
    }
  }
}
