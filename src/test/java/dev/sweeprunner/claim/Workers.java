package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Finish;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Workers over one storage root, whose clocks, deaths and findings a test decides. */
@NullMarked
final class Workers {
  static final RunKey RUN = new RunKey("toy", "grid", "0a1b2c3d", 64);
  static final String SHA = "c0".repeat(32);
  static final ClaimSettings SETTINGS = ClaimSettings.DEFAULT;

  final Layout layout;
  final SettableClock clock = new SettableClock();
  final Set<String> gone = new HashSet<>();
  final Set<String> alive = new HashSet<>();
  final List<Claims.Finding> findings = new ArrayList<>();
  @Nullable SlurmTask slurm;
  Trace trace = Trace.OFF;
  FileSystem files = new LocalFiles();

  private int incarnations;

  Workers(Path root) {
    layout = new Layout(root);
  }

  /** A new life of a worker; its beats are made by the test. */
  DirectoryClaims start(String name) {
    return start(name, files, clock, SETTINGS);
  }

  DirectoryClaims start(
      String name, FileSystem files, SettableClock clock, ClaimSettings settings) {
    ClaimPorts around =
        new ClaimPorts(clock, time -> {}, this::judge, trace, () -> List.copyOf(findings));
    return new DirectoryClaims(
        new ClaimSite(layout, files, owner(name), settings, around), claim -> {});
  }

  Owner owner(String name) {
    String incarnation = "incarnation-" + name + "-" + incarnations++;
    return new Owner(
        incarnation, name, "local", "host-" + name, "m", "b", 42, "7", "n", "me", "cpu", slurm);
  }

  private Processes.Verdict judge(Owner owner) {
    if (gone.contains(owner.worker())) {
      return Processes.Verdict.GONE;
    }
    return alive.contains(owner.worker()) ? Processes.Verdict.ALIVE : Processes.Verdict.UNKNOWN;
  }

  /** Claims on what the worker itself sees. */
  static Claim claim(DirectoryClaims worker) {
    return worker.claim(RUN, SHA, worker.look(RUN)).orElseThrow();
  }

  static void beat(Claim claim) {
    ((HeldClaim) claim).beat();
  }

  /** Watches long enough, at the usual pace, for a standing beat to expire. */
  ClaimState watch(DirectoryClaims worker, Duration time) {
    ClaimState state = worker.look(RUN);
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(SETTINGS.poll())) {
      clock.pass(SETTINGS.poll());
      state = worker.look(RUN);
    }
    return state;
  }

  static ClaimState.Logged logged(ClaimState state) {
    return (ClaimState.Logged) state;
  }

  static PublishedCheckpoint checkpoint(long iter, int epoch) {
    String name = Layout.publishedName(iter, epoch);
    return new PublishedCheckpoint(
        iter, epoch, name, "a1".repeat(32), false, 0, name + ".jsonl", "b2".repeat(32), iter);
  }

  static Finish finish(long iter) {
    return new Finish(iter, Layout.publishedName(iter, 1), "a".repeat(64), "b".repeat(64), iter);
  }
}
