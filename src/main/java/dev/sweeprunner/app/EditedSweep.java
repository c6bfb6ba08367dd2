package dev.sweeprunner.app;

import dev.sweeprunner.config.SweepEdit;
import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.judge.Observer;
import dev.sweeprunner.run.work.LiveSweep;
import dev.sweeprunner.run.work.RunPorts;
import dev.sweeprunner.run.work.SweepProgress;
import dev.sweeprunner.sweep.Editions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One sweep of a worker, whose file may be edited while it works. */
final class EditedSweep implements LiveSweep {
  private final Path file;
  private final Editions<Edition> editions;

  /**
   * A sweep from this edition on.
   *
   * @param newer makes the next edition of the files as they are now, after the one before
   * @param news is told of each new edition
   * @param warnings is told of each edit that is none
   */
  EditedSweep(
      Edition first,
      BiFunction<Edition, Sweeps.Loaded, Edition> newer,
      Pause pause,
      Consumer<String> news,
      Consumer<String> warnings) {
    this.file = first.sweep().file();
    this.editions =
        first.sweep().origin().editions(first, new Maker(newer, news, warnings), pause::pause);
  }

  /** These sweeps as they are now. */
  static Sweeps newest(List<EditedSweep> sweeps) {
    return new Sweeps(sweeps.stream().map(EditedSweep::sweep).toList());
  }

  /** Whether all have ended, by a look at every open point of theirs. */
  static boolean allEnded(List<EditedSweep> sweeps) {
    boolean ended = true;
    for (EditedSweep sweep : sweeps) {
      ended &= !sweep.parts().claimer().anyClaimable() && sweep.parts().pass().allSettled();
    }
    return ended;
  }

  /** Says where it stands before this worker's first run. */
  void begin() {
    editions.newest().progress().begin();
  }

  /** The newest good edition. */
  Sweeps.Loaded sweep() {
    return editions.newest().sweep();
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public Parts parts() {
    return editions.newest().parts();
  }

  @Override
  public void tell() {
    editions.newest().progress().tell();
  }

  @Override
  public boolean renew() {
    return editions.renew();
  }

  /**
   * One edition, and what it is worked on with.
   *
   * @param observer looks at its runs
   * @param ports train them
   * @param progress how far it is
   */
  record Edition(
      Sweeps.Loaded sweep,
      Parts parts,
      Observer observer,
      RunPorts ports,
      SweepProgress progress) {}

  /** Makes the next edition, unless it changes what must stay. */
  private record Maker(
      BiFunction<Edition, Sweeps.Loaded, Edition> newer,
      Consumer<String> news,
      Consumer<String> warnings)
      implements Editions.Maker<Edition> {
    @Override
    public Edition make(Edition before) {
      Sweeps.Loaded after = before.sweep().origin().again().get();
      SweepEdit.check(before.sweep().points(), after.points());
      Duration grace = before.sweep().grace();
      if (after.grace().compareTo(grace) > 0) {
        throw SweepEdit.changed(
            after.points(),
            "the time to stop (program.grace)",
            grace.toSeconds() + " s",
            after.grace().toSeconds() + " s, longer than this worker plans for");
      }
      return newer.apply(before, after);
    }

    @Override
    public void accepted(Collection<Path> changed, Edition before, Edition after) {
      SweepEdit edit = SweepEdit.between(before.sweep().points(), after.sweep().points());
      String files = changed.stream().map(Path::toString).collect(Collectors.joining(", "));
      String added = edit.added() + (edit.added() == 1 ? " point" : " points");
      news.accept("%s changed: %s added, %d dropped.".formatted(files, added, edit.dropped()));
    }

    @Override
    public void refused(String why) {
      warnings.accept(why + " Until then the sweep goes on as it was before this edit.");
    }
  }
}
