package dev.sweeprunner.host;

import dev.sweeprunner.run.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * The stop request of this process: by a signal, or by the program itself.
 *
 * <p>The first request sets the reason and runs the callbacks, each once, in a thread of its own; a
 * callback that comes later runs at once. Every further request is harmless. Nothing here ends the
 * process: whoever works sees the request and leaves in order. Any thread.
 */
public final class Signals implements StopSignal {
  private static final List<String> STOPPING = List.of("TERM", "INT", "HUP", "USR1");

  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final List<Runnable> callbacks = new ArrayList<>();
  private volatile Runnable onTerm = () -> {};

  /** Nothing installed yet. */
  Signals() {}

  /**
   * Takes SIGTERM, SIGINT, SIGHUP and SIGUSR1 over from the JVM. One that the JVM keeps for itself
   * ({@code -Xrs}), or that this process was started to ignore ({@code nohup}), stays as it is.
   */
  public static Signals install() {
    var signals = new Signals();
    for (var name : STOPPING) {
      try {
        Signal.handle(new Signal(name), signal -> signals.received(signal.getName()));
      } catch (IllegalArgumentException keptByJvm) {
        continue;
      }
    }
    return signals;
  }

  private void received(String name) {
    if (name.equals("TERM")) {
      onTerm.run();
    }
    request("SIG" + name);
  }

  /**
   * Runs {@code callback} at each SIGTERM from now on, in the thread that takes the signal: under a
   * batch system it starts the countdown to SIGKILL, whatever was asked before.
   */
  public void onTerm(Runnable callback) {
    onTerm = callback;
  }

  /** Asks this process to stop; only the first reason counts. */
  public void request(String why) {
    if (reason.compareAndSet(null, why)) {
      List<Runnable> due;
      synchronized (callbacks) {
        due = List.copyOf(callbacks);
        callbacks.clear();
      }
      due.forEach(Signals::start);
    }
  }

  /** Runs {@code callback} in a thread of its own once a stop is requested. */
  public void onStop(Runnable callback) {
    synchronized (callbacks) {
      if (reason.get() == null) {
        callbacks.add(callback);
        return;
      }
    }
    start(callback);
  }

  @Override
  public Optional<String> reason() {
    return Optional.ofNullable(reason.get());
  }

  private static void start(Runnable callback) {
    var thread = new Thread(callback, "stop");
    thread.setDaemon(true);
    thread.start();
  }
}
