package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.claim;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.run.ReleaseReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of another user: which of a run's matter, and what is said of them. */
class RightsTests {
  @TempDir Path root;

  private final Set<Path> closed = new HashSet<>();
  private Workers workers;
  private DirectoryClaims a;

  @BeforeEach
  void a_worker() {
    workers = new Workers(root);
    FaultyFiles files = new FaultyFiles(new LocalFiles());
    files.closed = closed;
    a = workers.start("a", files, workers.clock, Workers.SETTINGS);
  }

  private @Nullable Obstacle obstacle() {
    return a.obstacle(RUN, a.look(RUN));
  }

  @Test
  void the_lock_folder_and_the_run_folder_of_a_claimed_run_matter() {
    claim(a).release(ReleaseReason.PREEMPTED, "");

    assertThat(obstacle()).isNull();
    closed.add(workers.layout.run(RUN));
    assertThat(obstacle()).extracting(Obstacle::fact).asString().contains(RUN.runId());
    closed.add(workers.layout.lock(RUN));
    assertThat(obstacle()).extracting(Obstacle::fact).asString().contains(".lock is");
  }

  @Test
  void of_a_fresh_run_only_the_folder_that_it_will_be_made_in_matters() {
    closed.add(workers.layout.lock(RUN));

    assertThat(obstacle()).isNull();
    closed.add(workers.layout.run(RUN).getParent());
    assertThat(workers.start("b").obstacle(RUN, a.look(RUN))).isNull();
    workers.clock.pass(java.time.Duration.ofSeconds(10));
    assertThat(obstacle()).isNotNull();
  }

  @Test
  void what_can_be_written_beside_the_locks_tells_one_runs_trouble_from_the_storages() {
    claim(a);

    assertThat(a.usable("toy")).isTrue();
    assertThat(a.usable("no-such-project")).isFalse();
    assertThat(workers.layout.locks("toy"))
        .isDirectoryNotContaining(
            p -> p.getFileName().toString().startsWith(FileSystem.TEMP_PREFIX));
  }

  @Test
  void a_folder_that_may_not_be_written_is_told_with_owner_and_command() throws IOException {
    Path folder = Files.createDirectory(root.resolve("it's"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
    Assumptions.assumeFalse(Files.isWritable(folder), "root may write everywhere");

    Obstacle obstacle =
        Objects.requireNonNull(new LocalFiles().obstacle(folder.resolve("deep").resolve("er")));

    assertThat(obstacle.fact())
        .contains(folder + " belongs to " + Files.getOwner(folder).getName())
        .contains("r-xr-xr-x");
    assertThat(obstacle.wayOut()).endsWith("chmod -R g+rwX '" + root + "/it'\\''s'");
  }
}
