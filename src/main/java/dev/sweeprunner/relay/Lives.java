package dev.sweeprunner.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The lives that are open, found by what their programs show. Any thread. */
final class Lives {
  private static final int FORMER = 100;
  private static final int REFUSED = 1000;

  private final List<LoopbackLife> open = new CopyOnWriteArrayList<>();
  private final Deque<String> former = new ArrayDeque<>();
  private final Set<String> refused = new HashSet<>();
  private long rowsOfFormer;

  void add(LoopbackLife life) {
    open.add(life);
  }

  /** A life takes nothing more. */
  void remove(LoopbackLife life) {
    synchronized (former) {
      open.remove(life);
      rowsOfFormer += life.rowsTaken();
      former.addLast(life.token());
      if (former.size() > FORMER) {
        former.removeFirst();
      }
    }
  }

  /** Whether no life has refused so yet. */
  boolean firstToRefuse(String sentence) {
    synchronized (refused) {
      return refused.size() < REFUSED && refused.add(sentence);
    }
  }

  List<LoopbackLife> all() {
    return open;
  }

  /** Rows that all lives so far have taken. */
  long rows() {
    synchronized (former) {
      return rowsOfFormer + open.stream().mapToLong(LoopbackLife::rowsTaken).sum();
    }
  }

  /** The life whose token this is, or null; how long it takes tells nothing of the tokens. */
  @Nullable LoopbackLife ofToken(String key) {
    LoopbackLife found = null;
    for (LoopbackLife life : open) {
      found = same(life.token(), key) ? life : found;
    }
    return found;
  }

  /** The life of this number, or null. */
  @Nullable LoopbackLife numbered(String number) {
    return open.stream()
        .filter(life -> Integer.toString(life.number()).equals(number))
        .findAny()
        .orElse(null);
  }

  /** Whether this was the token of a life that is over. */
  boolean isFormer(String key) {
    synchronized (former) {
      return former.stream().anyMatch(token -> same(token, key));
    }
  }

  private static boolean same(String token, String key) {
    return MessageDigest.isEqual(token.getBytes(US_ASCII), key.getBytes(UTF_8));
  }
}
