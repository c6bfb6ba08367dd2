package dev.sweeprunner.relay.rows;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Logged;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The runs beside a claim's own in the files of its claims. Where the claim goes on from a
 * checkpoint each goes on from where it was then, by the mark that the publishing claim has left;
 * one that was opened later begins anew. Where nothing tells, what was kept and what comes are
 * merged as those of the claim's run are. Any thread.
 */
public final class KeptSideBooks implements SideBooks {
  private static final String STEP = "step";
  private static final String STEPS = "steps";

  private final FileSystem files;
  private final Layout layout;
  private final Clock clock;
  private final RunKey key;
  private final int epoch;
  private final Said said;
  private final TreeMap<Integer, Earlier> earlier = new TreeMap<>();
  private final Map<Integer, ClaimBook> open = new TreeMap<>();

  /**
   * One of earlier claims.
   *
   * @param base where this claim goes on with it
   */
  private record Earlier(Known run, Relay.Base base) {}

  private KeptSideBooks(FileSystem files, Layout layout, Clock clock, Relay.Opening opening) {
    this.files = files;
    this.layout = layout;
    this.clock = clock;
    this.key = opening.run().claim().key();
    this.epoch = opening.run().claim().epoch();
    this.said = new Said(opening.log(), opening.notes());
  }

  /**
   * Those of a life that begins.
   *
   * @throws IOException if what earlier claims have noted cannot be read
   */
  public static KeptSideBooks of(
      FileSystem files, Layout layout, Clock clock, Relay.Opening opening) throws IOException {
    KeptSideBooks books = new KeptSideBooks(files, layout, clock, opening);
    try {
      books.look(opening.base());
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
    return books;
  }

  private void look(Relay.Base claims) throws IOException {
    TreeMap<Integer, SideNotes.Start> first = new TreeMap<>();
    List<Integer> before = Places.claims(files, layout.metas(key));
    for (int claim : before) {
      for (String name : claim < epoch ? names(claim) : List.<String>of()) {
        int number = SideRuns.number(key.runId(), name);
        Path folder = SideRuns.folder(layout.tracked(key, claim), name);
        if (number > 1) {
          SideNotes.Start.in(files, folder, number)
              .ifPresent(start -> first.putIfAbsent(number, start));
        }
      }
    }
    Map<Integer, Long> marked =
        first.isEmpty() || !(claims instanceof Relay.Base.At at) ? null : marked(before, at.step());
    for (SideNotes.Start start : first.values()) {
      earlier.put(start.run().number(), new Earlier(start.run(), base(start, claims, marked)));
    }
  }

  private List<String> names(int claim) throws IOException {
    try {
      return files.list(SideRuns.all(layout.tracked(key, claim)));
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  /** How far they were at the checkpoint of a step; null where nobody noted it. */
  private @Nullable Map<Integer, Long> marked(List<Integer> claims, long step) throws IOException {
    for (int i = claims.size() - 1; i >= 0; i--) {
      Map<Integer, Long> found =
          claims.get(i) < epoch ? Mark.newest(files, marks(claims.get(i)), step) : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private Path marks(int claim) {
    return SideRuns.marks(layout.tracked(key, claim));
  }

  private Relay.Base base(
      SideNotes.Start first, Relay.Base claims, @Nullable Map<Integer, Long> marked)
      throws IOException {
    if (!(claims instanceof Relay.Base.At at)) {
      return claims;
    }
    int number = first.run().number();
    if (marked == null) {
      return first.newest() >= at.step() ? new Relay.Base.Fresh() : new Relay.Base.Unknown();
    }
    Long step = marked.get(number);
    return step == null || step < 0 ? new Relay.Base.Fresh() : at(number, step);
  }

  private Relay.Base at(int number, long step) throws IOException {
    DeadLives dead = DeadLives.before(files, places(number), epoch, new Rules());
    Logged row = dead.row(step);
    TrackedRun run = dead.tracked();
    return new Relay.Base.At(
        step, row == null ? 0 : row.runtime(), run == null ? TrackedRun.UNSAID : run);
  }

  private Places places(int number) {
    return new Places(layout, key, SideRuns.name(key.runId(), number));
  }

  @Override
  public List<Known> earlier() {
    return earlier.values().stream().map(Earlier::run).toList();
  }

  @Override
  public synchronized ClaimBook open(Known run, long newest) throws IOException {
    Earlier before = earlier.get(run.number());
    Relay.Base base = before == null ? new Relay.Base.Fresh() : before.base();
    Places places = places(run.number());
    SideNotes notes =
        new SideNotes(files, places.tracked(epoch), SideNotes.Start.of(run, base, newest));
    String name = String.valueOf(places.beside());
    Consumer<String> named = words -> said.accept("the run " + name + " beside it: " + words);
    ClaimBook book = RunBook.beside(files, places, clock, epoch, base, notes, named);
    open.put(run.number(), book);
    return book;
  }

  /** Each is asked: it counts from the first time. */
  @Override
  public synchronized boolean covers(double moment) {
    boolean all = true;
    for (ClaimBook book : open.values()) {
      all &= book.covers(moment);
    }
    return all;
  }

  @Override
  public synchronized void mark(long step, double moment) throws IOException {
    Map<Integer, Long> steps = new TreeMap<>();
    for (Earlier one : earlier.values()) {
      steps.put(one.run().number(), stands(one));
    }
    open.forEach((number, book) -> steps.put(number, book.stepAt(moment).orElse(-1)));
    if (!steps.isEmpty()) {
      files.makeFolders(SideRuns.all(layout.tracked(key, epoch)));
      new Mark(step, steps).append(files, marks(epoch));
    }
  }

  /** Of one that this claim's program has not opened. */
  private long stands(Earlier one) throws IOException {
    if (one.base() instanceof Relay.Base.At at) {
      return at.step();
    }
    return one.base() instanceof Relay.Base.Fresh
        ? -1
        : DeadLives.before(files, places(one.run().number()), epoch, new Rules()).newest();
  }

  /** A line of {@code marks.jsonl}; the newest of a step counts. */
  private record Mark(long step, Map<Integer, Long> steps) {
    void append(FileSystem files, Path file) throws IOException {
      Map<String, Object> others = new LinkedHashMap<>();
      steps.forEach((number, reached) -> others.put(Integer.toString(number), reached));
      LineFile marks = new LineFile(files, file);
      byte[] line = Json.bytes(Map.of(STEP, step, STEPS, others));
      marks.add(new String(line, StandardCharsets.UTF_8).strip());
      marks.write();
      marks.close();
    }

    static @Nullable Map<Integer, Long> newest(FileSystem files, Path file, long step)
        throws IOException {
      Map<Integer, Long> newest = null;
      for (String line : lines(files, file)) {
        Optional<Mark> mark = read(line);
        newest = mark.isPresent() && mark.get().step() == step ? mark.get().steps() : newest;
      }
      return newest;
    }

    private static List<String> lines(FileSystem files, Path file) throws IOException {
      try {
        return new String(files.read(file), StandardCharsets.UTF_8).lines().toList();
      } catch (NoSuchFileException none) {
        return List.of();
      }
    }

    private static Optional<Mark> read(String line) {
      try {
        Fields fields = Fields.of(line.getBytes(StandardCharsets.UTF_8));
        Fields others = fields.object(STEPS);
        Map<Integer, Long> steps = new TreeMap<>();
        for (String number : others.members().keySet()) {
          steps.put(Integer.valueOf(number), others.number(number));
        }
        return Optional.of(new Mark(fields.number(STEP), steps));
      } catch (UnreadableJson | NumberFormatException torn) {
        return Optional.empty();
      }
    }
  }
}
