package dev.sweeprunner.run.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.testkit.AuditedRoot;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningSweepTests {
  @TempDir Path folder;

  @Test
  void at_no_point_of_the_protocol_is_what_lies_there_a_finding() {
    Points points = Grids.tiny(folder.resolve("sweep"), 2, 10);
    Path root = folder.resolve("root");
    Watcher watcher = new Watcher(new AuditedRoot(root, List.of(points)));

    new Life(root, points, watcher, 3).liveToTheEnd();

    assertThat(watcher.findings).isEmpty();
    assertThat(watcher.reached)
        .contains(
            "claim.linked", "publish.renamed", "prune.half", "finish.linked", "finish.journal");
  }

  @Test
  void neither_is_what_a_worker_leaves_that_was_killed_at_any_of_them() {
    Points points = Grids.tiny(folder.resolve("sweep"), 1, 10);
    Path first = folder.resolve("first");
    Watcher watcher = new Watcher(new AuditedRoot(first, List.of(points)));
    new Life(first, points, watcher, 3).liveToTheEnd();

    for (int k = 0; k < watcher.looks; k += 3) {
      Path root = folder.resolve("killed-" + k);
      Killer killer = new Killer(k);
      try {
        new Life(root, points, killer, 3).liveToTheEnd();
      } catch (Killed killed) {
        Watcher heir = new Watcher(new AuditedRoot(root, List.of(points)));
        new Life(root, points, heir, 3).liveToTheEnd();
        assertThat(heir.findings).as("killed at look " + k).isEmpty();
      }
    }
  }

  /** Audits at every point that is reached. */
  private static final class Watcher implements Trace {
    final List<Finding> findings = new ArrayList<>();
    final Set<String> reached = new TreeSet<>();
    private final AuditedRoot root;
    int looks;

    Watcher(AuditedRoot root) {
      this.root = root;
    }

    @Override
    public void event(String name, String runId, int epoch, long iter) {}

    @Override
    public synchronized void reach(String point) {
      looks++;
      reached.add(point);
      findings.addAll(root.findings(Depth.ALL));
    }
  }

  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Dies at the k-th point that is reached. */
  private static final class Killer implements Trace {
    private int left;

    Killer(int k) {
      left = k;
    }

    @Override
    public void event(String name, String runId, int epoch, long iter) {}

    @Override
    public synchronized void reach(String point) {
      if (left-- == 0) {
        throw new Killed();
      }
    }
  }
}
