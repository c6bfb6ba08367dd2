package dev.sweeprunner.relay.files;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Says each sentence once, and only so many in all. Any thread. */
final class Said {
  private static final int MOST = 100;

  private final Consumer<String> to;
  private final Set<String> before = new HashSet<>();

  Said(Consumer<String> to) {
    this.to = to;
  }

  /** One sentence. */
  void say(String sentence) {
    boolean fresh;
    synchronized (before) {
      fresh = before.size() < MOST && before.add(sentence);
    }
    if (fresh) {
      to.accept(sentence);
    }
  }
}
