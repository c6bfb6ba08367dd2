package dev.sweeprunner.sweep;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The files that the points of a sweep rest on: its own, the one beside it, and the base TOML that
 * it names.
 *
 * <p>A look reads them all and costs no more than that: what they say is worked out only for a
 * sweep file that is another than at the look before. Belongs to one thread.
 */
public final class SweepSources {
  private final Path file;
  private final Places places;
  private final Function<Path, SweepFile> reader;
  private @Nullable ByteBuffer parsed;
  private @Nullable SweepFile sweep;
  private List<String> tomls = List.of();

  /**
   * The files of one sweep.
   *
   * @param reader reads the sweep file; throws UserError
   */
  public SweepSources(Path file, Places places, Function<Path, SweepFile> reader) {
    this.file = file;
    this.places = places;
    this.reader = reader;
  }

  /** The sweep file. */
  public Path file() {
    return file;
  }

  /** What the files hold now; what is missing or cannot be read holds nothing. */
  public Look look() {
    Map<Path, ByteBuffer> contents = new LinkedHashMap<>();
    read(file, contents);
    read(Sidecar.path(file), contents);
    parse(contents.get(file));
    tomls.forEach(toml -> places.find(toml).ifPresent(path -> read(path, contents)));
    return new Look(contents);
  }

  /**
   * The sweep file as it was at the last look, or a moment later.
   *
   * @throws UserError if it is broken
   */
  public SweepFile sweep() {
    SweepFile known = sweep;
    return known == null ? reader.apply(file) : known;
  }

  private void parse(@Nullable ByteBuffer own) {
    if (own != null && own.equals(parsed)) {
      return;
    }
    parsed = own;
    sweep = null;
    try {
      SweepFile read = reader.apply(file);
      sweep = read;
      SweepFile.Reference base = read.baseToml();
      tomls = base == null ? List.of() : List.of(base.text());
    } catch (UserError broken) {
      return; // it rests on what it named before
    }
  }

  private static void read(Path path, Map<Path, ByteBuffer> contents) {
    try {
      contents.put(path, ByteBuffer.wrap(Files.readAllBytes(path)));
    } catch (IOException missing) {
      contents.remove(path); // who reads the sweep says what is wrong with it
    }
  }

  /**
   * The files at one moment.
   *
   * @param contents bytes, by path; compared as they are
   */
  public record Look(Map<Path, ByteBuffer> contents) {
    /** Copies the map. */
    public Look {
      contents = Map.copyOf(contents);
    }

    /** The files that are not as they were. */
    public Collection<Path> changedSince(Look before) {
      Set<Path> all = new LinkedHashSet<>(contents.keySet());
      all.addAll(before.contents.keySet());
      all.removeIf(
          path -> {
            ByteBuffer now = contents.get(path);
            return now != null && now.equals(before.contents.get(path));
          });
      return new TreeSet<>(all);
    }
  }
}
