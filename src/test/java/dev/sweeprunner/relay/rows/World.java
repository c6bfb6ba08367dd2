package dev.sweeprunner.relay.rows;

import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A program, its client, and workers that are killed with both of them at any moment, until the
 * program has come to its end. With a checkpoint rule the next life goes on from the newest covered
 * checkpoint, without one from whatever the program saved last.
 */
@NullMarked
final class World {
  private static final int MOST_KILLS = 8;

  private final SplittableRandom random;
  private final SettableClock clock = new SettableClock();
  private final Script script;
  private final boolean ruled;
  private final Rules rules;
  private final QuickFiles files;
  private final Layout layout;
  private final int killOneIn;
  private final Set<String> lost = new HashSet<>();
  private final Set<String> arrived = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private List<Row> journal = new ArrayList<>();
  private Published published = new Published(0, new Relay.Base.Fresh(), List.of());
  private int saved;
  private int kills;
  private int events;

  /** What the next life goes on from. */
  private record Published(int iteration, Relay.Base base, List<Row> rows) {}

  /** A checkpoint that is not published yet. */
  private record Found(int iteration, double moment) {}

  /** The worker and its program died. */
  private static final class Killed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  World(long seed, Numbering numbering, boolean ruled, Rules rules, Path root) {
    this.random = new SplittableRandom(seed);
    this.script = Script.draw(numbering, random);
    this.ruled = ruled;
    this.rules = rules;
    this.files = new QuickFiles(random.split(), random.nextInt(3) == 0 ? 20 : 0);
    this.layout = Lives.layout(root);
    this.killOneIn = 20 + random.nextInt(200);
  }

  Script script() {
    return script;
  }

  /** Lets it happen; what is wrong with the history in the end, empty where nothing is. */
  List<String> run() {
    try {
      for (int epoch = 1; !live(epoch); epoch++) {
        judgeEvents(epoch);
        kills++;
      }
    } catch (IOException | UncheckedIOException e) {
      wrong.add("threw " + e);
    }
    judge();
    return wrong;
  }

  private boolean live(int epoch) throws IOException {
    Relay.Base base = published.base();
    if (!ruled) {
      base = epoch == 1 ? new Relay.Base.Fresh() : new Relay.Base.Unknown();
      journal = new ArrayList<>();
    } else {
      journal = new ArrayList<>(published.rows());
    }
    RunBook book =
        RunBook.open(files, layout, clock, Lives.opening(epoch, base, words -> {}), rules);
    Life life = new Life(book, ruled ? published.iteration() : saved);
    try {
      life.work();
      return true;
    } catch (Killed killed) {
      life.mourn(ruled ? published.iteration() : saved);
      clock.advance(Duration.ofMillis(random.nextInt(20_000)));
      return false;
    }
  }

  private static String id(Row row) {
    return String.valueOf(row.values().get("id"));
  }

  /** One start of the program. */
  private final class Life {
    private final RunBook book;
    private final int began;
    private Client client;
    private @Nullable Found found;
    private boolean again;
    private int i;

    Life(RunBook book, int began) {
      this.book = book;
      this.began = began;
      this.i = began;
      this.client = new Client(book, clock, random, script.numbering());
    }

    void work() throws Killed, IOException {
      for (; i < script.iterations(); i++) {
        pass(i > 0 && i % script.restEvery() == 0 ? 15_000 : 30 + random.nextInt(400));
        if (script.savesFirst()) {
          save();
          pass(random.nextInt(30));
          log();
        } else {
          log();
          pass(random.nextInt(3) * 10);
          save();
        }
        if (random.nextBoolean()) {
          poll();
        }
        beginAgain();
      }
      client.finish();
      wrongIf(client.refused() > 0 && !again, client.refused() + " rows refused by the client");
      poll();
      take(book.rest());
      wrongIf(book.leftOut() > 0 && !again, book.leftOut() + " rows left out");
      arrived.addAll(client.answered());
    }

    /** A program that is started anew by its launcher, within the life. */
    private void beginAgain() {
      if (script.numbering() == Numbering.EXPLICIT && random.nextInt(60) == 0) {
        client.finish();
        arrived.addAll(client.answered());
        client = new Client(book, clock, random, script.numbering());
        again = true;
        i = Math.max(began, i - random.nextInt(5)) - 1;
      }
    }

    private void log() {
      for (String row : script.logged(i)) {
        if (script.numbering() == Numbering.EXPLICIT) {
          client.log(row, i);
        } else {
          client.log(row);
        }
      }
      client.event("{\"system.cpu\":" + events++ + "}");
    }

    private void save() {
      if (script.saves(i) && i >= saved) {
        saved = i + 1;
        if (found == null) {
          found = new Found(i + 1, clock.now().toEpochMilli() / 1e3);
        }
      }
    }

    private void pass(int millis) throws Killed {
      for (int left = millis; left > 0; left -= 250) {
        clock.advance(Duration.ofMillis(Math.min(left, 250)));
        client.tick();
        if (kills < MOST_KILLS && random.nextInt(killOneIn) == 0) {
          throw new Killed();
        }
        if (random.nextInt(3) > 0) {
          poll();
        }
      }
    }

    private void take(List<Row> rows) {
      journal.addAll(rows);
    }

    private void poll() {
      take(book.rows());
      Found checkpoint = found;
      if (ruled && checkpoint != null && book.covers(checkpoint.moment())) {
        take(book.rows());
        publish(checkpoint, book.stepAt(checkpoint.moment()).orElse(-1));
        found = null;
      }
    }

    private void publish(Found checkpoint, long step) {
      List<Row> rows = journal.stream().filter(row -> row.step() <= step).toList();
      if (rows.size() <= published.rows().size()) {
        return;
      }
      Row last = rows.get(rows.size() - 1);
      TrackedRun tracked = book.tracked(step);
      String id = "\"id\":" + id(last).replaceFirst("\\.0$", "");
      wrongIf(
          !(tracked.summary() + ",").replace('}', ',').contains(id + ","),
          "the summary of step " + step + " is " + tracked.summary() + ", not " + id);
      published =
          new Published(
              checkpoint.iteration(),
              new Relay.Base.At(step, last.wall().getOrDefault("runtime", 0.0), tracked),
              rows);
    }

    /** What of this life can never be there, unless an older one has kept it. */
    void mourn(int next) {
      for (int iteration = began; iteration < Math.max(next, i + 1); iteration++) {
        for (String row : script.logged(Math.min(iteration, script.iterations() - 1))) {
          lost.add(Script.id(row));
        }
      }
      arrived.addAll(client.answered());
      lost.removeAll(client.answered());
    }
  }

  private void wrongIf(boolean broken, String what) {
    if (broken) {
      wrong.add(what);
    }
  }

  private void judgeEvents(int epoch) throws IOException {
    Path file = layout.tracked(Lives.KEY, epoch).resolve("events.jsonl");
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    List<Integer> numbers =
        lines.stream()
            .filter(line -> line.endsWith("}")) // else a full disk has torn it
            .map(line -> Integer.valueOf(line.replaceAll("[^0-9]", "")))
            .toList();
    wrongIf(
        new HashSet<>(numbers).size() < numbers.size() && !files.isFull(),
        "events are doubled: " + numbers);
  }

  private void judge() {
    List<String> ids = journal.stream().map(World::id).toList();
    List<String> all = script.all();
    long last = -1;
    double runtime = 0;
    for (Row row : journal) {
      wrongIf(row.step() <= last, "step " + row.step() + " follows " + last);
      last = row.step();
      if (ruled) {
        wrongIf(
            row.wall().getOrDefault("runtime", 0.0) < runtime, "the runtime goes back at " + last);
        runtime = row.wall().getOrDefault("runtime", 0.0);
      }
      if (script.numbering() == Numbering.EXPLICIT) {
        wrongIf(
            row.step() != (long) (double) row.values().getOrDefault("id", -1.0),
            "step " + last + " is moved");
      }
    }
    if (ruled) {
      wrongIf(!ids.equals(all), "instead of " + all + " there are " + ids);
      boolean counted = script.numbering() != Numbering.EXPLICIT;
      wrongIf(counted && last != all.size() - 1, "the last step is " + last);
      return;
    }
    if (script.numbering() != Numbering.COUNTED) {
      wrongIf(new HashSet<>(ids).size() < ids.size(), "doubled: " + ids);
    }
    List<String> missing = new ArrayList<>(all);
    missing.removeAll(ids);
    missing.removeAll(lost);
    wrongIf(!missing.isEmpty(), "missing: " + missing + " in " + ids);
    if (script.numbering() != Numbering.AXIS) {
      arrived.removeAll(ids);
      arrived.retainAll(all);
      wrongIf(!arrived.isEmpty(), "had arrived: " + arrived + ", there are " + ids);
    }
  }
}
