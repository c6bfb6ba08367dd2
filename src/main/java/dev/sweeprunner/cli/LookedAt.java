package dev.sweeprunner.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The storage root that a command looked at, by which a person sees that it was the wrong one.
 *
 * @param path absolute
 * @param given whether the user named it, or it is the working directory by default
 * @param there what is there now
 */
public record LookedAt(Path path, boolean given, Supplier<There> there) {
  /** How much of a storage root there is. */
  public enum There {
    /** No such folder. */
    NOTHING,
    /** A folder in which nothing was ever started. */
    EMPTY,
    /** There is an {@code out/}. */
    RUNS
  }

  /** The storage root at {@code path}, whose runs lie in {@code out}. */
  public static LookedAt of(Path path, Path out, boolean given) {
    Supplier<There> there =
        () ->
            Files.isDirectory(out)
                ? There.RUNS
                : Files.isDirectory(path) ? There.EMPTY : There.NOTHING;
    return new LookedAt(path, given, there);
  }

  /** As it is now, looked at once. */
  public LookedAt now() {
    There seen = there.get();
    return new LookedAt(path, given, () -> seen);
  }

  /** Whether the folder exists. */
  public boolean exists() {
    return there.get() != There.NOTHING;
  }

  /** One sentence without its full stop. */
  public String sentence() {
    return "Storage root "
        + path
        + (given ? "" : " (the working directory)")
        + switch (there.get()) {
          case NOTHING -> " does not exist; started from another folder?";
          case EMPTY -> " holds no out/; nothing was run there yet, or in another folder?";
          case RUNS -> "";
        };
  }

  /** As it stands in a sentence. */
  String words() {
    return "the storage root "
        + path
        + switch (there.get()) {
          case NOTHING -> ", which does not exist (started from another folder?)";
          case EMPTY -> ", which holds no out/ (started from another folder?)";
          case RUNS -> "";
        };
  }

  /** Prints the sentence. */
  public void tell(Screen screen) {
    new Paragraphs(screen).indented(0, sentence());
    screen.out().flush();
  }
}
