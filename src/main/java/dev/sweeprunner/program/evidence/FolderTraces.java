package dev.sweeprunner.program.evidence;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which point wrote what in a working folder that all points use: most programs have one folder for
 * all points, and those that resume by themselves then take another point's checkpoint.
 *
 * <p>Two looks, before and after a point, at names, sizes and times, three folders deep and at most
 * five thousand names. What was read cannot be seen; that a checkpoint of another point lay there
 * at the start can. A program of another worker in the same folder counts as the point that ran
 * here. Belongs to one thread.
 */
public final class FolderTraces {
  private static final int DEEPEST = 3;
  private static final int MOST_ENTRIES = 5_000;
  private static final int MOST_NAMED = 3;
  private static final Set<String> SKIPPED =
      Set.of("__pycache__", "wandb", "node_modules", "venv", "core");

  private static final Pattern CHECKPOINT =
      Pattern.compile(
          "(?:.*/)?(?:checkpoint-\\d+/.*|last\\.ckpt|hpc_ckpt_.*\\.ckpt|ckpt\\.pt|snapshot\\.pt"
              + "|checkpoints/latest/.*)");

  private final Path folder;
  private final Set<Path> except;
  private final Map<String, String> writers = new LinkedHashMap<>();
  private final Set<String> told = new LinkedHashSet<>();

  /**
   * Traces in one folder, for as long as the worker lives.
   *
   * @param except folders in it that are none of the program's, such as the storage root
   */
  public FolderTraces(Path folder, Set<Path> except) {
    this.folder = folder.toAbsolutePath().normalize();
    Set<Path> absolute = new LinkedHashSet<>();
    except.forEach(path -> absolute.add(path.toAbsolutePath().normalize()));
    this.except = Set.copyOf(absolute);
  }

  /** What stands there now. */
  public Look look() {
    Map<String, Stamp> stamps = new LinkedHashMap<>();
    Listing listing = new Listing();
    collect(listing, folder, "", DEEPEST, stamps);
    return new Look(stamps, !listing.cutShort() && stamps.size() < MOST_ENTRIES);
  }

  /**
   * Looks again after a point has run, and says in a sentence each what it shared with others; of
   * one file only once.
   *
   * @param point its run id
   * @param before what {@link #look} gave before it started
   * @param fresh whether it never ran before, so that a checkpoint that was there is not its own
   */
  public List<String> after(String point, Look before, boolean fresh) {
    List<String> sentences = new ArrayList<>();
    mayHaveRead(point, before, fresh, sentences);
    Map<String, List<String>> shared = new LinkedHashMap<>();
    look()
        .stamps
        .forEach(
            (name, stamp) -> {
              if (before.shows(name, stamp)) {
                String earlier = writers.put(name, point);
                if (earlier != null && !earlier.equals(point) && told.add(name)) {
                  shared.computeIfAbsent(earlier, key -> new ArrayList<>()).add(name);
                }
              }
            });
    shared.forEach(
        (earlier, names) ->
            sentences.add(
                "Point "
                    + point
                    + " wrote "
                    + some(names)
                    + " in "
                    + folder
                    + ", which point "
                    + earlier
                    + " wrote before it: they share one folder"));
    return sentences;
  }

  private void mayHaveRead(String point, Look before, boolean fresh, List<String> sentences) {
    Map<String, List<String>> there = new LinkedHashMap<>();
    for (String name : before.stamps.keySet()) {
      if (CHECKPOINT.matcher(name).matches()) {
        String writer = writers.getOrDefault(name, "");
        if (writer.isEmpty() ? fresh : !writer.equals(point)) {
          there.computeIfAbsent(writer, key -> new ArrayList<>()).add(name);
        }
      }
    }
    there.forEach(
        (writer, names) ->
            sentences.add(
                "Point "
                    + point
                    + " may have gone on from "
                    + some(names)
                    + " in "
                    + folder
                    + ", which "
                    + (writer.isEmpty() ? "was there before it" : "point " + writer + " wrote")));
  }

  private void collect(
      Listing listing, Path at, String prefix, int deep, Map<String, Stamp> stamps) {
    for (String name : listing.names(at)) {
      Path path = at.resolve(name);
      if (stamps.size() >= MOST_ENTRIES || skipped(name, path)) {
        continue;
      }
      if (Listing.isFolder(path)) {
        if (deep > 1) {
          collect(listing, path, prefix + name + "/", deep - 1, stamps);
        }
      } else {
        BasicFileAttributes attributes = Listing.attributes(path);
        if (attributes != null) {
          stamps.put(
              prefix + name,
              new Stamp(attributes.size(), attributes.lastModifiedTime().toMillis()));
        }
      }
    }
  }

  private boolean skipped(String name, Path path) {
    return name.startsWith(".") || SKIPPED.contains(name) || except.contains(path);
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    int more = names.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  /** What stood in the folder at some time. */
  public static final class Look {
    private final Map<String, Stamp> stamps;
    private final boolean whole;

    private Look(Map<String, Stamp> stamps, boolean whole) {
      this.stamps = stamps;
      this.whole = whole;
    }

    /** Whether a file was written since; of one that was perhaps not looked at nothing is known. */
    private boolean shows(String name, Stamp now) {
      Stamp then = stamps.get(name);
      return then == null ? whole : !then.equals(now);
    }
  }

  private record Stamp(long bytes, long changed) {}
}
