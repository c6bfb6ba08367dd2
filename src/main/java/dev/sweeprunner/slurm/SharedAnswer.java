package dev.sweeprunner.slurm;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.OwnFolder;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer of Slurm, shared by all processes of one user on one host, so that eight
 * workers of a node ask once. A folder that another user owns is not believed. Only answers are
 * kept: whoever got none is free to ask again.
 *
 * <p>Any thread; a file that cannot be written costs the next process a question.
 */
final class SharedAnswer {
  private static final int VERSION = 1;

  private final FileSystem files;
  private final Path folder;
  private final Path file;
  private final Clock clock;

  /**
   * The answer below this folder.
   *
   * @param folder local to the host, this user's own
   */
  SharedAnswer(FileSystem files, Path folder, Clock clock) {
    this.files = files;
    this.folder = folder;
    this.file = folder.resolve("squeue.json");
    this.clock = clock;
  }

  /** The answer of this Slurm, if it is younger than {@code fresh}. */
  Optional<Snapshot> find(String configuration, Duration fresh) {
    try {
      if (!OwnFolder.is(folder)) {
        return Optional.empty();
      }
      Fields in = Fields.of(files.read(file));
      Duration age = Duration.between(Instant.parse(in.text("at")), clock.now());
      if (in.number("v") != VERSION
          || !in.text("configuration").equals(configuration)
          || age.isNegative()
          || age.compareTo(fresh) >= 0) {
        return Optional.empty();
      }
      SlurmSite site =
          new SlurmSite(in.text("controller"), Duration.ofSeconds(in.number("kill_wait")));
      return Optional.of(
          new Snapshot(clock.nanos() - age.toNanos(), site, Squeue.read(in.text("squeue"))));
    } catch (IOException | UnreadableJson | DateTimeException none) {
      return Optional.empty();
    }
  }

  /**
   * Keeps an answer for the others.
   *
   * @param at when it was asked for
   */
  void keep(String configuration, Instant at, @Nullable SlurmSite site, Squeue.Answer answer) {
    if (site == null || !(answer instanceof Squeue.Answer.Jobs jobs)) {
      return;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("v", VERSION);
    members.put("at", at);
    members.put("configuration", configuration);
    members.put("controller", site.controller());
    members.put("kill_wait", site.killWait().toSeconds());
    members.put("squeue", jobs.text());
    try {
      files.makeFolders(folder);
      files.replace(file, Json.bytes(members));
    } catch (IOException lost) {
      // See above.
    }
  }
}
