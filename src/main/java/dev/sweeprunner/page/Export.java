package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.cli.status.HarmlessJson;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.StopSignal;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/**
 * The page as one file, to send or to keep: with everything that it shows of the sweeps as they
 * are. Rows are read twice, to find out how much of them has room, and held one run at a time.
 * Belongs to one thread.
 */
public final class Export {
  private static final long ROOM = 50_000_000;

  /** From everything down, until it fits; the last is taken as it is. */
  private static final List<Level> LEVELS =
      List.of(
          new Level(Curves.MOST_POINTS, Integer.MAX_VALUE),
          new Level(500, 8),
          new Level(200, 4),
          new Level(60, 2),
          new Level(20, 1));

  private final Supplier<Look> looks;
  private final DocumentJson documents;
  private final Assets assets;

  Export(Supplier<Look> looks, DocumentJson documents, Assets assets) {
    this.looks = looks;
    this.documents = documents;
    this.assets = assets;
  }

  /**
   * How much is kept of each run.
   *
   * @param points of each metric
   */
  record Level(int points, int metrics) {
    Curves of(Curves all, List<String> wanted) {
      return all.thin(metrics, points, wanted);
    }
  }

  /**
   * What was written.
   *
   * @param thinned what was left out of the curves, a sentence; empty if nothing was
   */
  public record Written(long bytes, String thinned) {}

  /**
   * Writes the file: whole or not at all, over one that is there.
   *
   * @param stop ends it before the file is there
   * @throws IOException if it cannot be written, or was stopped
   */
  public Written write(Path file, FileSystem files, StopSignal stop) throws IOException {
    return write(file, files, stop, ROOM);
  }

  Written write(Path file, FileSystem files, StopSignal stop, long room) throws IOException {
    Inlined page = Inlined.of(assets);
    Look look = looks.get();
    String document = documents.whole(look);
    List<ClaimSpan> claims = claims(look);
    long[] sizes = sizes(look, stop, document.length() + Timeline.json(claims).length());
    int chosen = 0;
    while (chosen + 1 < sizes.length && sizes[chosen] > room) {
      chosen++;
    }
    Level level = LEVELS.get(chosen);
    Path place = file.toAbsolutePath();
    Path aside = place.resolveSibling(FileSystem.TEMP_PREFIX + place.getFileName());
    Counted counted = new Counted();
    files.delete(aside);
    try {
      files.create(
          aside,
          out -> {
            counted.to = out;
            Writer text = new BufferedWriter(new OutputStreamWriter(counted, UTF_8), 1 << 16);
            write(text, page, look, document, claims, level, stop);
            text.flush();
          });
      files.rename(aside, place);
    } finally {
      files.delete(aside);
    }
    if (place.getParent() != null) {
      files.syncFolder(place.getParent());
    }
    return new Written(counted.bytes, chosen == 0 ? "" : words(level));
  }

  private static List<ClaimSpan> claims(Look look) {
    Timeline timeline = new Timeline();
    timeline.update(look);
    return timeline.newest();
  }

  private static String words(Level level) {
    return "To keep the file below "
        + ROOM / 1_000_000
        + " MB its curves have at most "
        + level.points()
        + " points a metric, and at most "
        + level.metrics()
        + " metrics a run; rows prints all of them.";
  }

  private static void write(
      Writer text,
      Inlined page,
      Look look,
      String document,
      List<ClaimSpan> claims,
      Level level,
      StopSignal stop)
      throws IOException {
    text.write(page.head());
    try (JsonGenerator json = HarmlessJson.inPage(text)) {
      json.writeStartObject();
      json.writeName("document");
      json.writeRawValue(document);
      json.writeName("claims");
      json.writeRawValue(Timeline.json(claims));
      json.writeName("rows");
      json.writeStartObject();
      each(
          look,
          stop,
          (curves, wanted) -> {
            json.writeName(curves.runId());
            level.of(curves, wanted).write(json);
          });
      json.writeEndObject();
      json.writeEndObject();
    }
    text.write(page.tail());
  }

  /** How long the file would be at each level, as far as its points tell. */
  private static long[] sizes(Look look, StopSignal stop, long rest) throws IOException {
    long[] sizes = new long[LEVELS.size()];
    Arrays.fill(sizes, rest);
    each(
        look,
        stop,
        (curves, wanted) -> {
          long length = Look.json(curves::write).length();
          for (int i = 0; i < sizes.length; i++) {
            long points = LEVELS.get(i).of(curves, wanted).size();
            sizes[i] += length * points / Math.max(1, curves.size());
          }
        });
    return sizes;
  }

  /** Does something with the curves of a run. */
  private interface Doing {
    void with(Curves curves, List<String> wanted);
  }

  /** Each run that has rows, once. */
  private static void each(Look look, StopSignal stop, Doing doing) throws IOException {
    Set<RunKey> seen = new HashSet<>();
    for (Look.Sweep sweep : look.sweeps()) {
      List<String> wanted = sweep.metric().map(List::of).orElse(List.of());
      for (Look.Run run : sweep.runs()) {
        if (stop.requested()) {
          throw new InterruptedIOException("it was stopped");
        }
        if (seen.add(run.key())) {
          Curves curves = Curves.read(look.subject(), run.key());
          if (!curves.isEmpty()) {
            doing.with(curves, wanted);
          }
        }
      }
    }
  }

  /** Counts what passes. */
  private static final class Counted extends OutputStream {
    private OutputStream to = OutputStream.nullOutputStream();
    private long bytes;

    @Override
    public void write(int single) throws IOException {
      to.write(single);
      bytes++;
    }

    @Override
    public void write(byte[] some, int from, int count) throws IOException {
      to.write(some, from, count);
      bytes += count;
    }
  }
}
