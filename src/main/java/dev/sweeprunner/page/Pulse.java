package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Pause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for all who watch and ask together: in a thread of its own and of low priority, which
 * lives as long as somebody watches; one look at a time, and after each a rest that is as long as
 * the look was, of two seconds at least. Whoever asks meanwhile is given the look before. Any
 * thread.
 */
final class Pulse implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);

  /** More who watch are turned away. */
  static final int MOST_WATCHERS = 32;

  /** How long the end waits for those who watch. */
  private static final int MOMENTS = 10;

  private static final int MOMENT_MILLIS = 30;

  private final Supplier<Look> source;
  private final DocumentJson documents;
  private final Timeline timeline;
  private final Clock clock;
  private final Pause pause;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Watcher> watchers = new ArrayList<>();
  private final Object making = new Object();
  private volatile @Nullable Made made;
  private @Nullable Look newest;
  private @Nullable CompletableFuture<Look> next;
  private @Nullable Thread looking;

  /**
   * A pulse that has not begun.
   *
   * @param pause how it rests; null for a rest that the end of this cuts short
   */
  Pulse(
      Supplier<Look> source,
      DocumentJson documents,
      Timeline timeline,
      Clock clock,
      @Nullable Pause pause) {
    this.source = source;
    this.documents = documents;
    this.timeline = timeline;
    this.clock = clock;
    this.pause = pause == null ? this::rest : pause;
  }

  /** A look that is new enough, once it is made; fails as looking did. */
  synchronized CompletableFuture<Look> look() {
    if (newest != null) {
      return CompletableFuture.completedFuture(newest);
    }
    if (closed.getCount() == 0) {
      return CompletableFuture.failedFuture(new IllegalStateException("the page is closed"));
    }
    CompletableFuture<Look> awaited = next == null ? new CompletableFuture<>() : next;
    next = awaited;
    begin();
    return awaited;
  }

  /**
   * Takes in one who watches: told all that is known, then what changes. False if there are too
   * many.
   */
  synchronized boolean join(Watcher watcher) {
    if (closed.getCount() == 0 || watchers.size() >= MOST_WATCHERS) {
      return false;
    }
    watchers.add(watcher);
    if (newest != null) {
      watcher.begin();
    }
    begin();
    return true;
  }

  /** One has gone. */
  synchronized void leave(Watcher watcher) {
    watchers.remove(watcher);
    notifyAll();
  }

  /** A look's whole document, made once for all who ask for the same. */
  byte[] document(Look look) {
    synchronized (making) {
      Made known = made;
      if (known == null || known.look() != look) {
        known = new Made(look, documents.whole(look).getBytes(UTF_8));
        made = known;
      }
      return known.document();
    }
  }

  /**
   * What somebody is told who knows nothing yet: the whole document and, once asked for, claims.
   */
  List<byte[]> everything() {
    Look look;
    synchronized (this) {
      look = newest;
    }
    if (look == null) {
      return List.of();
    }
    List<byte[]> all = new ArrayList<>(Watcher.event("sweeps", document(look)));
    if (timeline.asked()) {
      all.add(Watcher.event("claims", Timeline.json(timeline.newest())));
    }
    return all;
  }

  /** Tells nobody anything any more. */
  @Override
  public void close() {
    List<Watcher> last;
    CompletableFuture<Look> awaited;
    synchronized (this) {
      closed.countDown();
      last = List.copyOf(watchers);
      awaited = next;
    }
    last.forEach(Watcher::end);
    farewell();
    if (awaited != null) {
      awaited.completeExceptionally(new IllegalStateException("the page is closed"));
    }
  }

  /** Who watches is told properly that this was all, if that takes but a moment. */
  private synchronized void farewell() {
    try {
      for (int i = 0; i < MOMENTS && !watchers.isEmpty(); i++) {
        wait(MOMENT_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin() {
    if (looking == null) {
      Thread thread = new PageThread("page-look", this::run);
      looking = thread;
      thread.start();
    }
  }

  private void run() {
    try {
      do {
        long begun = clock.nanos();
        step();
        Duration took = Duration.ofNanos(clock.nanos() - begun);
        pause.pause(took.compareTo(EVERY) > 0 ? took : EVERY);
      } while (goesOn());
    } finally {
      ended();
    }
  }

  /** Where an error has ended the thread, the next who asks begins another too. */
  private synchronized void ended() {
    if (Thread.currentThread().equals(looking)) {
      looking = null;
    }
  }

  /** The thread ends where nobody watches; the next who asks begins another. */
  private synchronized boolean goesOn() {
    boolean needed = closed.getCount() > 0 && (!watchers.isEmpty() || next != null);
    if (!needed) {
      looking = null;
      newest = null;
      made = null;
    }
    return needed;
  }

  /** One look, and all are told of it. */
  private void step() {
    Look seen;
    try {
      seen = source.get();
    } catch (RuntimeException e) {
      failed(e);
      return;
    }
    Look before;
    List<Watcher> told;
    CompletableFuture<Look> awaited;
    synchronized (this) {
      before = newest;
      newest = seen;
      told = List.copyOf(watchers);
      awaited = next;
      next = null;
    }
    if (awaited != null) {
      awaited.complete(seen);
    }
    if (!told.isEmpty()) {
      tell(told, before, seen);
    }
  }

  private synchronized void failed(RuntimeException why) {
    if (next != null) {
      next.completeExceptionally(why);
      next = null;
    }
  }

  private void tell(List<Watcher> told, @Nullable Look before, Look now) {
    if (before == null || !before.subject().sameSweeps(now.subject())) {
      told.forEach(Watcher::begin);
    } else {
      documents
          .change(before, now)
          .map(change -> Watcher.event("change", change))
          .ifPresent(event -> told.forEach(watcher -> watcher.offer(event)));
    }
    List<ClaimSpan> claims = timeline.asked() ? timeline.update(now) : List.of();
    if (!claims.isEmpty()) {
      byte[] event = Watcher.event("claims", Timeline.json(claims));
      told.forEach(watcher -> watcher.offer(event));
    }
  }

  private void rest(Duration time) {
    try {
      boolean ended = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
      assert !ended || closed.getCount() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A look's document. */
  private record Made(Look look, byte[] document) {}
}
