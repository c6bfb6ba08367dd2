package dev.sweeprunner.slurm;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer of one Slurm about one user's jobs, in a file that all hosts of a storage root
 * share: of all of them one asks, the others read.
 *
 * <p>Whoever finds the answer of generation g too old creates the write-once file for g+1, and asks
 * only if the answer then still is that of g; whoever meets the file leaves it to its maker and
 * goes on with what it knows. A maker that died is overtaken, by the next number, once its file was
 * watched for longer than a question takes. What is left of a process that was killed at any moment
 * is that file, and who overtakes removes it.
 *
 * <p>An answer's age is told by the clock of whoever keeps the files, as far as this host's
 * difference to it is known (of the one file that this process made), and is at least as long as
 * this process has watched it. One that seems to come from more than {@link #SKEW} ahead is not
 * believed. So a wrong clock costs questions, or once an answer that is older than it seems by no
 * more than that; and no answer's age makes a living job look dead: that a life of a task is over
 * stays true.
 *
 * <p>Nothing here throws: what cannot be read is not there, and where nothing can be written each
 * process asks for itself. Any thread.
 */
final class RootAnswer {
  /** Slurm refuses hosts whose clocks differ by more (munge's five minutes). */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private static final int VERSION = 1;

  private final FileSystem files;
  private final Clock clock;
  private final Path file;
  private final LongFunction<Path> asker;
  private final Duration longest;
  private final Map<Long, Long> watchedAskers = new HashMap<>();
  private @Nullable Duration ahead;
  private long watched;
  private long watchedSince;

  /**
   * The answer in this file.
   *
   * @param asker the write-once file of a generation's asker
   * @param longest that one question may take
   */
  RootAnswer(FileSystem files, Clock clock, Path file, LongFunction<Path> asker, Duration longest) {
    this.files = files;
    this.clock = clock;
    this.file = file;
    this.asker = asker;
    this.longest = longest;
  }

  /**
   * The right to ask.
   *
   * @param from the generation that was there before
   * @param generation of the answer; 0 where it cannot be shared
   * @param mine false where another process is asking
   * @param server when it was got, by the clock of whoever keeps the files
   */
  record Turn(long from, long generation, boolean mine, Instant server) {
    /** Of a process that changes nothing in the storage root. */
    static final Turn NOBODYS = new Turn(0, 0, true, Instant.EPOCH);
  }

  /** The newest answer there is, however old. */
  synchronized Optional<AnswerForm> newest() {
    try {
      Fields in = Fields.of(files.read(file));
      if (in.number("v") != VERSION) {
        return Optional.empty();
      }
      long generation = in.number("generation");
      long now = clock.nanos();
      if (generation != watched) {
        watched = generation;
        watchedSince = now;
      }
      Duration byClock = since(Instant.parse(in.text("server")));
      boolean absurd = byClock.compareTo(SKEW.negated()) < 0;
      long age = Math.max(now - watchedSince, absurd ? Long.MAX_VALUE / 4 : byClock.toNanos());
      long counted = now - Duration.between(Instant.parse(in.text("said")), clock.now()).toNanos();
      return Optional.of(AnswerForm.of(in, now - age, counted));
    } catch (IOException | UnreadableJson | RuntimeException none) {
      return Optional.empty();
    }
  }

  private Duration since(Instant server) {
    Duration seen = Duration.between(server, clock.now());
    return ahead == null ? seen : seen.minus(ahead);
  }

  /** Tries to become the one who asks next. */
  synchronized Turn turn() {
    long before = newest().map(AnswerForm::generation).orElse(0L);
    for (long generation = before + 1; ; generation++) {
      try {
        enter(generation);
        Instant server = files.modified(asker.apply(generation));
        ahead = Duration.between(server, clock.now());
        return new Turn(before, generation, true, server);
      } catch (FileAlreadyExistsException another) {
        if (!dead(generation)) {
          return new Turn(before, generation, false, clock.now());
        }
      } catch (IOException unwritable) {
        return new Turn(before, 0, true, clock.now());
      }
    }
  }

  private void enter(long generation) throws IOException {
    Path made = asker.apply(generation);
    Path folder = made.getParent();
    if (folder != null && folder.getParent() != null) {
      files.modified(folder.getParent()); // where there is no storage root yet, none is made
      files.makeFolders(folder);
    }
    files.create(made, (generation + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private boolean dead(long generation) {
    long now = clock.nanos();
    return now - watchedAskers.computeIfAbsent(generation, absent -> now) > longest.toNanos();
  }

  /** Ends a turn without an answer. */
  synchronized void leave(Turn turn) {
    watchedAskers.clear();
    for (long generation = turn.from() + 1; generation <= turn.generation(); generation++) {
      try {
        files.delete(asker.apply(generation));
      } catch (IOException left) {
        // Others watch it and go on.
      }
    }
  }

  /** Replaces the answer, unless a newer one stands there. */
  synchronized void keep(AnswerForm answer) {
    SlurmSite site = answer.snapshot().site();
    if (answer.generation() < 1
        || site == null
        || !(answer.snapshot().answer() instanceof Squeue.Answer.Jobs jobs)
        || newest().map(AnswerForm::generation).orElse(0L) > answer.generation()) {
      return;
    }
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("v", VERSION);
    members.putAll(answer.members(site, jobs));
    try {
      files.replace(file, Json.bytes(members));
    } catch (IOException lost) {
      // The next one may succeed.
    }
  }
}
