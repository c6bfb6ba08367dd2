package dev.sweeprunner.host;

import dev.sweeprunner.run.Pause;
import dev.sweeprunner.run.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The stop request of this process, by a signal or by the program itself, and the waits that it
 * ends.
 *
 * <p>The first request sets the reason and runs the callbacks, each once, in a thread of its own; a
 * callback that comes later runs at once. From the request on no wait lasts. Every further request
 * is harmless. Nothing here ends the process: whoever works sees the request and leaves in order.
 * Any thread.
 */
public final class Signals implements StopSignal, Pause {
  /** Whatever would end this process, but what a program sends itself when it breaks. */
  private static final List<String> STOPPING =
      List.of(
          "TERM", "INT", "HUP", "USR1", "USR2", "XCPU", "ALRM", "VTALRM", "PROF", "IO", "PWR",
          "STKFLT");

  private static final List<SignalHandler> FREE =
      List.of(SignalHandler.SIG_DFL, SignalHandler.SIG_IGN);

  /** With these a profiler may drive itself, which was there before. */
  private static final Set<String> PROFILERS = Set.of("PROF", "VTALRM");

  /** With these a person, or an end that comes, asks to stop; with all others something warns. */
  private static final Set<String> DEMANDS = Set.of("TERM", "INT", "HUP");

  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final List<Runnable> callbacks = new ArrayList<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Runnable onTerm = () -> {};
  private volatile Predicate<String> onWarning = name -> true;
  private volatile Runnable onResize = () -> {};
  private volatile @Nullable Signals part;

  /** Nothing installed yet. */
  Signals() {}

  /**
   * Takes every signal over that a batch system or a person may send as a warning. One that the JVM
   * keeps for itself ({@code -Xrs}), or SIGHUP where this process was started to ignore it ({@code
   * nohup}), stays as it is. With SIGUSR2 the JVM would stop its own threads, for a flight
   * recording alone, and some crash where it comes from outside; {@code _JAVA_SR_SIGNUM} names
   * another for that.
   */
  public static Signals install() {
    var signals = new Signals();
    for (var name : STOPPING) {
      try {
        var signal = new Signal(name);
        var before = Signal.handle(signal, heard -> signals.received(heard.getName()));
        if (PROFILERS.contains(name) && !FREE.contains(before)) {
          Signal.handle(signal, before);
        }
      } catch (IllegalArgumentException keptByJvm) {
        continue;
      }
    }
    Signal.handle(new Signal("WINCH"), heard -> signals.onResize.run());
    return signals;
  }

  /** A signal has come. */
  void received(String name) {
    if (name.equals("TERM")) {
      onTerm.run();
    }
    if (DEMANDS.contains(name) || onWarning.test("SIG" + name)) {
      request("SIG" + name);
    }
  }

  /**
   * Runs {@code callback} at each SIGTERM from now on, in the thread that takes the signal: under a
   * batch system it starts the countdown to SIGKILL, whatever was asked before.
   */
  public void onTerm(Runnable callback) {
    onTerm = callback;
  }

  /**
   * Asks from now on, at each signal that is a batch system's warning, whether it means to stop; in
   * the thread that takes the signal. Without it each does.
   *
   * @param stops gets the signal's name
   */
  public void onWarning(Predicate<String> stops) {
    onWarning = stops;
  }

  /** Runs {@code callback} whenever the terminal has changed its size. */
  public void onResize(Runnable callback) {
    onResize = callback;
  }

  /**
   * Begins a part of what this process does, which {@link #interrupt} ends alone; a stop of all
   * ends it too. The part before is over.
   */
  public Signals begin() {
    var begun = new Signals();
    part = begun;
    reason().ifPresent(begun::request);
    return begun;
  }

  /** Asks the part that was begun last to stop, and nothing else. */
  public void interrupt(String why) {
    var current = part;
    if (current != null) {
      current.request(why);
    }
  }

  /** Asks this process to stop; only the first reason counts. */
  public void request(String why) {
    if (reason.compareAndSet(null, why)) {
      interrupt(why);
      stopped.countDown();
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
  public void pause(Duration duration) {
    try {
      boolean asked = stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
      assert !asked || requested();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
