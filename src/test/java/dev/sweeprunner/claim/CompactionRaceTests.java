package dev.sweeprunner.claim;

import static dev.sweeprunner.claim.Workers.RUN;
import static dev.sweeprunner.claim.Workers.SHA;
import static dev.sweeprunner.claim.Workers.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace that the explorer found, kept: three workers and a link that arrives late. */
@NullMarked
class CompactionRaceTests {
  @TempDir Path root;

  private final LocalFiles real = new LocalFiles();
  private final List<Optional<Claim>> told = new ArrayList<>();
  private Workers workers;
  private DirectoryClaims c;
  private Step late = () -> {};
  private int removed;

  @BeforeEach
  void three_workers() {
    workers = new Workers(root);
    workers.trace = new Compaction();
    c = workers.start("c");
  }

  /** Lets the late link in when slot 2 has just been removed, and its temp not yet. */
  private final class Compaction implements Trace {
    @Override
    public void event(String name, String runId, int epoch, long iter) {}

    @Override
    public void reach(String point) {
      if (point.equals("finish.compacting") && ++removed == 2) {
        try {
          late.run();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /** A worker whose look at the log is followed by this, once. */
  private DirectoryClaims slowAfterItsListing(Step meanwhile) {
    return workers.start(
        "a",
        new Delegating(real) {
          private boolean over;

          @Override
          public List<String> list(Path folder) throws IOException {
            List<String> names = real.list(folder);
            if (!over) {
              over = true;
              meanwhile.run();
            }
            return names;
          }
        },
        workers.clock,
        Workers.SETTINGS);
  }

  @Test
  void a_slot_that_was_compacted_and_then_written_late_is_not_what_was_judged() {
    Delegating sleepy =
        new Delegating(real) {
          @Override
          public void link(Path newName, Path file) throws IOException {
            if (newName.endsWith(Contents.slotName(2))) {
              raceUntil(() -> real.link(newName, file));
            } else {
              real.link(newName, file);
            }
          }
        };
    DirectoryClaims b = workers.start("b", sleepy, workers.clock, Workers.SETTINGS);
    Claim superseded = Workers.claim(b);

    assertThat(superseded.finish(finish(10))).isFalse();

    assertThat(told).containsExactly(Optional.empty());
    assertThat(removed).isEqualTo(2);
  }

  /** C takes over and finishes while A, who judged C dead, is between listing and reading. */
  private void raceUntil(Step lateLink) {
    workers.gone.add("b");
    Claim heir = Workers.claim(c);
    workers.gone.add("c");
    ClaimState basis = workers.start("d").look(RUN);
    DirectoryClaims a =
        slowAfterItsListing(
            () -> {
              heir.finish(finish(20));
              late = lateLink;
              c.conclude(RUN);
            });
    told.add(a.claim(RUN, SHA, basis));
  }
}
