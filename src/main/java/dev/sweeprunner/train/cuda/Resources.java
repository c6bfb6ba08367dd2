package dev.sweeprunner.train.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is given back together, the newest first. Belongs to one thread at a time. */
final class Resources implements Resource {
  private final Deque<Resource> kept = new ArrayDeque<>();

  <R extends Resource> R keep(R resource) {
    kept.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!kept.isEmpty()) {
      kept.pop().close();
    }
  }
}
