package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SETTINGS;
import static dev.sweeprunner.claim.Workers.SHA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.testkit.FlakyFiles;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first claim of a project, its mark included, whichever call of the disk fails once. */
class FirstClaimTests {
  @TempDir Path root;

  @Test
  void one_error_delays_a_claim_by_a_pass_at_most_and_never_tells_of_a_sick_storage()
      throws Exception {
    FlakyFiles disk = new FlakyFiles();
    int failing = 1;
    do {
      Workers workers = new Workers(Files.createDirectory(root.resolve("at" + failing)));
      DirectoryClaims a = workers.start("a", disk.failingAt(failing), workers.clock, SETTINGS);

      a.list("toy");
      Optional<Claim> claim = tried(a).or(() -> tried(a));

      assertThat(claim).as("call %d failing", failing).isPresent();
    } while (disk.calls() >= failing++);
    assertThat(failing).isGreaterThan(15);
  }

  private static Optional<Claim> tried(DirectoryClaims worker) {
    ClaimState state = worker.look(RUN);
    try {
      return state instanceof ClaimState.Unreadable
          ? Optional.empty()
          : worker.claim(
              RUN, SHA, state instanceof ClaimState.Empty ? new ClaimState.Empty(true) : state);
    } catch (UncheckedIOException refused) {
      assertThat(worker.usable("toy")).isTrue();
      return Optional.empty();
    }
  }
}
