package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest good edition of a sweep whose files people edit while it is worked on.
 *
 * <p>An edit counts once the files have stood still for a second: an editor may empty a file before
 * it writes it, or take it away before it puts another in its place. One that cannot be read, or
 * changes what must stay, is told once, and the edition before it stays the newest. Belongs to one
 * thread, but {@link #newest} may be asked from any.
 *
 * @param <E> what is made of the files
 */
public final class Editions<E> {
  private static final Duration STILL = Duration.ofSeconds(1);

  private final SweepSources sources;
  private final Maker<E> maker;
  private final Consumer<Duration> pause;
  private volatile E newest;

  /** The files as they were last judged, good or not. */
  private SweepSources.Look judged;

  private @Nullable String complaint;

  /**
   * Editions from this one on.
   *
   * @param first made of the files as {@code look} found them, or later
   * @param pause waits
   */
  public Editions(
      SweepSources sources,
      SweepSources.Look look,
      E first,
      Maker<E> maker,
      Consumer<Duration> pause) {
    this.sources = sources;
    this.maker = maker;
    this.pause = pause;
    this.newest = first;
    this.judged = look;
  }

  /** The newest good edition. */
  public E newest() {
    return newest;
  }

  /** Why the files as they are now are no edition; empty where they are one. */
  public Optional<String> complaint() {
    return Optional.ofNullable(complaint);
  }

  /**
   * Looks at the files, and makes a new edition where they were edited; costs a read of them where
   * they were not.
   *
   * @return whether there is a new edition, or may be one at the next look because the files are
   *     being written
   */
  public boolean renew() {
    if (sources.look().equals(judged)) {
      return false;
    }
    pause.accept(STILL);
    SweepSources.Look before = sources.look();
    if (before.equals(judged)) {
      return false; // it was a moment of an editor's
    }
    E made = null;
    String broken = null;
    try {
      made = maker.make(newest);
    } catch (UserError edit) {
      broken = String.valueOf(edit.getMessage());
    }
    if (!sources.look().equals(before)) {
      return true;
    }
    judge(before, made, broken);
    return broken == null;
  }

  private void judge(SweepSources.Look look, @Nullable E made, @Nullable String broken) {
    Collection<Path> changed = look.changedSince(judged);
    judged = look;
    complaint = broken;
    if (made == null) {
      maker.refused(String.valueOf(broken));
      return;
    }
    E before = newest;
    newest = made;
    maker.accepted(changed, before, made);
  }

  /**
   * Makes editions, and is told what becomes of them.
   *
   * @param <E> what it makes
   */
  public interface Maker<E> {
    /**
     * Makes an edition of the files as they are now.
     *
     * @throws UserError if they are broken, or say what may not change after {@code before}
     */
    E make(E before);

    /**
     * The newest edition is another.
     *
     * @param changed the files that were edited since the one before, or since a broken edit
     */
    void accepted(Collection<Path> changed, E before, E after);

    /** An edit is no edition; told once for each. */
    void refused(String why);
  }
}
