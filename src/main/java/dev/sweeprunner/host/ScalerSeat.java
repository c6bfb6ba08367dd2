package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.Scaler;
import dev.sweeprunner.run.Scheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one seat of a storage root's scaler, a lock of the same kind as a claim.
 *
 * <p>Whoever takes it makes the next of the {@link Slots} in {@code out/.scale}, and beats beside
 * it. It is free once its holder has left it, is proven gone by the process table or by Slurm, or
 * was watched standing still for the expiry. What was watched is kept in a file, by the time since
 * boot, so that a process per minute can watch as well as one that stays; between two looks at most
 * half the expiry counts, for whoever slept has watched nothing. A holder that was overtaken, dead
 * or not, finds a higher slot than its own at {@link #held}. Belongs to one thread.
 */
public final class ScalerSeat {
  private static final int LENGTH = 64;
  private static final int MOST_TRIES = 9;
  private static final String LEFT = "left";
  private static final String BEAT = ".beat";
  private static final String WATCH = "watch-";

  private final FileSystem files;
  private final Path folder;
  private final Slots slots;
  private final Owner self;
  private final Around around;
  private final Duration expiry;
  private final LongSupplier sinceBoot;
  private int mine;
  private long beats;

  /**
   * The seat of one storage root.
   *
   * @param folder {@code out/.scale}
   * @param self who would take it
   * @param expiry for how long a holder without any proof must be watched
   */
  public ScalerSeat(FileSystem files, Path folder, Owner self, Around around, Duration expiry) {
    this(files, folder, self, around, expiry, SystemClock::sinceBoot);
  }

  ScalerSeat(
      FileSystem files,
      Path folder,
      Owner self,
      Around around,
      Duration expiry,
      LongSupplier sinceBoot) {
    this.files = files;
    this.folder = folder;
    this.slots = new Slots(files, folder, "scaler-", self);
    this.self = self;
    this.around = around;
    this.expiry = expiry;
    this.sinceBoot = sinceBoot;
  }

  /**
   * What tells of other processes.
   *
   * @param clock for show
   */
  public record Around(Processes processes, Scheduler scheduler, Clock clock) {}

  /** Who has the seat, or had it last; empty where nobody ever did. Changes nothing. */
  public Optional<Scaler> holder() throws IOException {
    Sight sight = look();
    return sight.slot == 0 ? Optional.empty() : Optional.of(scaler(sight, true));
  }

  /**
   * Takes the seat if it is free, or keeps it; each look of a scaler begins with this.
   *
   * @return who has it; empty where this process does
   */
  public Optional<Scaler> take() throws IOException {
    files.makeFolders(folder);
    mine = 0;
    while (true) {
      Sight sight = look();
      if (sight.owner != null && isOwn(sight.owner) && !gone(sight)) {
        mine = sight.slot;
        beat();
        return Optional.empty();
      }
      Path watch = folder.resolve(WATCH + self.host().replaceAll("[^A-Za-z0-9_-]+", "-") + ".json");
      Watched before = watched(watch);
      if (sight.slot > 0 && !gone(sight) && !stoodStill(sight, before, watch)) {
        return Optional.of(scaler(sight, before.seen.startsWith(sight.slot + " ")));
      }
      int next = sight.slot + 1;
      if (slots.take(next) && slots.highest() == next) {
        settle(next);
        return Optional.empty();
      }
    }
  }

  /** Whether this process has it still; false where that cannot be seen. One listing. */
  public boolean held() {
    try {
      return mine > 0 && slots.highest() == mine;
    } catch (IOException unseen) {
      return false;
    }
  }

  /** Says that this process is there; a failure is left to the next beat. */
  public void beat() {
    say("here");
  }

  /** Gives the seat up; another may have it at once. */
  public void leave() {
    say(LEFT);
    mine = 0;
  }

  private void say(String word) {
    if (mine == 0) {
      return;
    }
    String text = String.format(Locale.ROOT, "%-" + (LENGTH - 1) + "s\n", ++beats + " " + word);
    try (FileSystem.Beat beat = files.openBeat(beat(mine))) {
      beat.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException lost) {
      // Whoever watches for the expiry sees the next one.
    }
  }

  private void settle(int slot) throws IOException {
    mine = slot;
    beat();
    slots.forgetBelow(slot);
    for (String entry : files.list(folder)) {
      if (entry.startsWith(WATCH) || entry.startsWith(FileSystem.TEMP_PREFIX)) {
        files.delete(folder.resolve(entry));
      }
    }
  }

  private boolean isOwn(Owner owner) {
    return owner.incarnation().equals(self.incarnation());
  }

  private Path beat(int slot) {
    return Path.of(slots.file(slot) + BEAT);
  }

  /**
   * What stands there.
   *
   * @param seen all of it whose change is a sign of life
   */
  private record Sight(int slot, @Nullable Owner owner, String beat, Instant at, String seen) {}

  /** The highest slot as it stands; again where another is made meanwhile, and this one removed. */
  private Sight look() throws IOException {
    for (int tries = 1; true; tries++) {
      int highest = slots.highest();
      try {
        return highest == 0 ? new Sight(0, null, "", Instant.EPOCH, "") : look(highest);
      } catch (NoSuchFileException overtaken) {
        if (tries == MOST_TRIES) {
          throw overtaken;
        }
      }
    }
  }

  private Sight look(int slot) throws IOException {
    Owner owner = slots.holder(slot).orElse(null);
    Path beat = beat(slot);
    String text;
    try {
      text = new String(files.read(beat), StandardCharsets.UTF_8).strip();
    } catch (NoSuchFileException notYet) {
      beat = slots.file(slot);
      text = "";
    }
    Instant at = files.modified(beat);
    return new Sight(slot, owner, text, at, slot + " " + text + " @" + at);
  }

  private Scaler scaler(Sight sight, boolean met) {
    Duration silent = Duration.between(sight.at, around.clock.now());
    return new Scaler(sight.owner, silent.isNegative() ? Duration.ZERO : silent, gone(sight), met);
  }

  private boolean gone(Sight sight) {
    Owner owner = sight.owner;
    return sight.beat.endsWith(" " + LEFT)
        || (owner != null
            && (around.processes.judge(owner) == Processes.Verdict.GONE
                || around.scheduler.view(owner).over()));
  }

  private boolean stoodStill(Sight sight, Watched before, Path file) throws IOException {
    long now = sinceBoot.getAsLong();
    long idle = 0;
    if (!self.bootId().isEmpty() && before.boot.equals(self.bootId())) {
      long gap = Math.max(0, Math.min(now - before.at, expiry.toNanos() / 2));
      idle = before.seen.equals(sight.seen) ? before.idle + gap : 0;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("v", 1);
    members.put("boot", self.bootId());
    members.put("seen", sight.seen);
    members.put("at_ns", now);
    members.put("idle_ns", idle);
    try {
      files.replace(file, Json.bytes(members));
    } catch (NoSuchFileException cleared) {
      return false; // by who has taken the seat just now
    }
    return idle >= expiry.toNanos();
  }

  /** What was watched from this host before. */
  private record Watched(String boot, String seen, long at, long idle) {}

  private Watched watched(Path file) throws IOException {
    try {
      Fields in = Fields.of(files.read(file));
      return new Watched(
          in.text("boot"), in.text("seen"), in.number("at_ns"), in.number("idle_ns"));
    } catch (NoSuchFileException | UnreadableJson nothing) {
      return new Watched("", "", 0, 0);
    }
  }
}
