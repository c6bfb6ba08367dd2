package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.registry.Answer.Failed;
import dev.sweeprunner.wandb.registry.Answer.Topic;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest answer to one question, in a file that all workers of a storage root share: of all of
 * them one asks, the others read.
 *
 * <p>Whoever finds the answer of generation g too old creates the write-once file for g+1, reads
 * the answer again, and asks only if it still is that of generation g; then it replaces the answer
 * and removes its file. So each generation is asked for once: a second creator can only come after
 * the first has answered, and then reads g+1. Who meets the file goes on with the old answer and
 * waits only where there is none to go by.
 *
 * <p>An asker rewrites its file while it asks. One that was watched standing still for {@link
 * Askers#DEAD} on the watcher's own clock is overtaken by the next number; should it come back, it
 * finds that number or its answer, and keeps what it has learned to itself. Killed at any moment,
 * an asker leaves at most its file, which the others overtake. An asker that is frozen between its
 * last look and its rename for longer than that may put an older answer over a newer one: it is as
 * good as its age says, and costs one question more.
 *
 * <p>An answer's age is what its file's time says by this host's clock, corrected by the difference
 * to the file server's clock once that is known, but at least as long as this process has watched
 * it and never negative. A cache that cannot be read or written makes this process ask for itself,
 * as rarely as it would for all. Nothing here throws. Belongs to one thread.
 */
final class SharedAnswer<T> {
  /** How often the file is looked at, at most. */
  static final Duration LOOK = Duration.ofSeconds(1);

  /** How much older than it should be an answer may become before nobody goes by it. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** An answer younger than this is as good as one that a user waits for. */
  static final Duration JUST_NOW = Duration.ofSeconds(5);

  private static final int WAITS = 45;
  private static final int REST_PER_WORK = 20;
  private static final Duration SHORTEST_RETRY = Duration.ofSeconds(30);

  private final Topic<T> topic;
  private final RegistryPorts ports;
  private final Place place;
  private final Duration fresh;
  private final Askers askers;

  private @Nullable Seen<T> shared;
  private @Nullable Seen<T> own;
  private boolean newerVersion;
  private boolean wanted;
  private Duration skew = Duration.ZERO;
  private @Nullable Long looked;
  private @Nullable Long waited;

  /**
   * An answer at this place.
   *
   * @param fresh how old it may become before somebody asks again; longer if asking takes long
   */
  SharedAnswer(Topic<T> topic, RegistryPorts ports, Place place, Duration fresh) {
    this.topic = topic;
    this.ports = ports;
    this.place = place;
    this.fresh = fresh;
    this.askers = new Askers(ports, place.ask());
  }

  /**
   * Where an answer is shared.
   *
   * @param answer the file
   * @param ask the write-once file of a generation's asker
   */
  record Place(Path answer, LongFunction<Path> ask) {}

  /**
   * An answer and how old it is.
   *
   * @param current whether it is young enough to go by
   */
  record View<T>(Answer<T> answer, Duration age, boolean current) {}

  /** A version of an answer and since when this process has it, in nanoseconds. */
  private record Seen<T>(Answer<T> answer, @Nullable Instant modified, long since) {}

  /** The newest answer there is, without asking; null if there is none. */
  @Nullable View<T> look() {
    if (due()) {
      read(false);
    }
    return view();
  }

  /** The newest answer, asked for if it is old and nobody else is asking; null if there is none. */
  @Nullable View<T> current() {
    if (due()) {
      step();
    }
    View<T> view = view();
    return (view == null || !view.current()) && mayWait() ? await() : view;
  }

  /**
   * Asks now, whatever there is, or waits for somebody who is asking. Goes by an answer of {@link
   * #JUST_NOW}, so that many commands at once ask once, and leaves a W&amp;B alone that wants to
   * be.
   *
   * @return the newest answer where for one of these reasons nobody asked; else null
   */
  @Nullable View<T> refresh() {
    wanted = true;
    try {
      read(true);
      if (!isOld()) {
        return view();
      }
      step();
      for (int i = 0; i < WAITS && isOld(); i++) {
        ports.pause().pause(LOOK);
        step();
      }
      return null;
    } finally {
      wanted = false;
    }
  }

  private boolean due() {
    long now = ports.clock().nanos();
    if (looked != null && now - looked < LOOK.toNanos()) {
      return false;
    }
    looked = now;
    return true;
  }

  private void step() {
    read(isOld());
    if (isOld()) {
      attempt();
    }
  }

  private boolean mayWait() {
    return waited == null || ports.clock().nanos() - waited >= fresh.toNanos();
  }

  private @Nullable View<T> await() {
    View<T> view = view();
    for (int i = 0; i < WAITS && (view == null || !view.current()); i++) {
      ports.pause().pause(LOOK);
      step();
      view = view();
    }
    waited = ports.clock().nanos();
    return view;
  }

  private @Nullable View<T> view() {
    Seen<T> seen = newest();
    if (seen == null) {
      return null;
    }
    Duration age = age(seen);
    return new View<>(seen.answer(), age, age.compareTo(period(seen.answer()).plus(PATIENCE)) <= 0);
  }

  private @Nullable Seen<T> newest() {
    Seen<T> ours = own;
    Seen<T> theirs = shared;
    if (ours == null || theirs == null) {
      return ours == null ? theirs : ours;
    }
    return age(ours).compareTo(age(theirs)) <= 0 ? ours : theirs;
  }

  private boolean isOld() {
    Seen<T> seen = newest();
    return seen == null || age(seen).compareTo(period(seen.answer())) >= 0;
  }

  private Duration period(Answer<T> answer) {
    Failed failed = answer.failed();
    if (failed == null) {
      return wanted
          ? shorter(fresh, JUST_NOW)
          : longer(fresh, answer.took().multipliedBy(REST_PER_WORK));
    }
    Duration least = shorter(fresh, wanted ? JUST_NOW : SHORTEST_RETRY);
    return longer(longer(failed.retryAfter(), least), answer.took());
  }

  private Duration age(Seen<T> seen) {
    Duration watched = Duration.ofNanos(ports.clock().nanos() - seen.since());
    Instant modified = seen.modified();
    return modified == null
        ? watched
        : longer(watched, Duration.between(modified, ports.clock().now()).minus(skew));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /**
   * Reads the file if its version may have changed.
   *
   * @param content whether to trust nothing but the content
   */
  private void read(boolean content) {
    try {
      Seen<T> before = shared;
      Instant modified = ports.files().modified(place.answer());
      if (!content && before != null && modified.equals(before.modified())) {
        return;
      }
      byte[] bytes = ports.files().read(place.answer());
      modified = ports.files().modified(place.answer());
      newerVersion = false;
      Answer<T> answer = decode(bytes);
      boolean same =
          before != null
              && before.answer().generation() == answer.generation()
              && (before.modified() == null || before.modified().equals(modified));
      long since = before != null && same ? before.since() : ports.clock().nanos();
      shared = new Seen<>(answer, modified, since);
    } catch (NoSuchFileException none) {
      shared = null;
      newerVersion = false;
    } catch (UnreadableJson | RuntimeException garbage) {
      shared = null;
    } catch (IOException unreadable) {
      // What was read before stands, and ages.
    }
  }

  private Answer<T> decode(byte[] bytes) throws UnreadableJson {
    Fields in = Fields.of(bytes);
    newerVersion = in.number("v") > Answer.VERSION;
    if (in.number("v") != Answer.VERSION) {
      throw new UnreadableJson("of another version");
    }
    return Answer.decode(in, topic);
  }

  private long generation() {
    return shared == null ? 0 : shared.answer().generation();
  }

  /** Asks for the next generation, unless somebody else does. */
  private void attempt() {
    if (newerVersion) {
      keep(ask(generation(), () -> {}));
      return;
    }
    for (long generation = generation() + 1; ; generation++) {
      try {
        askers.enter(generation);
        asAsker(generation);
        return;
      } catch (FileAlreadyExistsException taken) {
        if (!askers.dead(generation)) {
          return;
        }
      } catch (IOException unwritable) {
        keep(ask(generation(), () -> {}));
        return;
      }
    }
  }

  /** Asks, if that is still needed, as the one whose file stands for this generation. */
  private void asAsker(long generation) {
    long before = generation();
    Duration ahead = askers.skew(generation);
    skew = ahead == null ? skew : ahead;
    read(true);
    if (isOld() && generation() < generation && !newerVersion) {
      Answer<T> answer;
      try (Askers.Life life = askers.life(generation)) {
        answer = ask(generation, life::sign);
      }
      read(true);
      if (generation() < generation && askers.entered(generation + 1)) {
        return;
      }
      publish(answer);
    }
    askers.leave(Math.max(1, before), generation);
  }

  private Answer<T> ask(long generation, Runnable alive) {
    Seen<T> before = newest();
    long began = ports.clock().nanos();
    Answer.Reply<T> reply = topic.ask(before == null ? null : before.answer().content(), alive);
    Duration took = Duration.ofNanos(ports.clock().nanos() - began);
    return new Answer<>(generation, took, reply.failed(), reply.content());
  }

  private void publish(Answer<T> answer) {
    if (newerVersion || generation() >= answer.generation()) {
      return;
    }
    try {
      ports.files().replace(place.answer(), answer.encode(topic));
      shared = new Seen<>(answer, null, ports.clock().nanos());
      own = null;
    } catch (IOException unwritable) {
      keep(answer);
    }
  }

  private void keep(Answer<T> answer) {
    own = new Seen<>(answer, null, ports.clock().nanos());
  }
}
