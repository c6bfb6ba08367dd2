package dev.sweeprunner.testkit.wandb;

import java.util.ArrayList;
import java.util.List;

/** Every request since the start, or since it was cleared. */
public final class RequestLog {
  private static final int BODIES = 2000;

  private final List<LoggedRequest> all = new ArrayList<>();

  RequestLog() {}

  /** All of them in the order of their answers. */
  public synchronized List<LoggedRequest> all() {
    return List.copyOf(all);
  }

  /** Those of one GraphQL operation. */
  public synchronized List<LoggedRequest> operation(String name) {
    return all.stream().filter(request -> request.operation().equals(name)).toList();
  }

  /** Those to file streams. */
  public synchronized List<LoggedRequest> streamed() {
    return all.stream().filter(request -> request.path().endsWith("/file_stream")).toList();
  }

  /** Forgets them. */
  public synchronized void clear() {
    all.clear();
  }

  synchronized void add(Request request, String operation, Outcome outcome) {
    all.add(
        new LoggedRequest(
            all.size(),
            request.at(),
            request.method(),
            request.path(),
            operation,
            request.sentBytes(),
            outcome.status(),
            outcome.bytes(),
            outcome.fault(),
            request.caller(),
            request.agent(),
            request.text()));
    int old = all.size() - BODIES - 1;
    if (old >= 0) {
      all.set(old, all.get(old).withoutBody());
    }
  }
}
