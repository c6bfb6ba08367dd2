package dev.sweeprunner.testkit.wandb;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What clients did that no client may do; a test asserts that there is nothing. */
public final class Violations {
  private final List<String> all = new CopyOnWriteArrayList<>();

  Violations() {}

  void add(String what) {
    all.add(what);
  }

  /** Sentences in the order of their happening. */
  public List<String> all() {
    return List.copyOf(all);
  }
}
