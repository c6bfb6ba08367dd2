package dev.sweeprunner.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;

/** Waiting, injected; a stop request ends a wait at once. */
public interface Pause {
  /** Waits for {@code duration} or until a stop is requested, whichever is first. */
  void pause(Duration duration);

  /**
   * Does something with a disk, up to five times within a second: a server that is busy or fails
   * over answers with an error once, and that must end nothing. A right that is lacking does not
   * come by waiting.
   *
   * @param act may be done again, whatever became of the try before
   * @throws IOException of the last try
   */
  default <T> T retrying(Disk<T> act) throws IOException {
    for (long millis = 50; millis <= 400; millis *= 2) {
      try {
        return act.run();
      } catch (AccessDeniedException lacking) {
        throw lacking;
      } catch (IOException e) {
        pause(Duration.ofMillis(millis));
      }
    }
    return act.run();
  }

  /** Something done with a disk. */
  interface Disk<T> {
    /** Does it. */
    T run() throws IOException;
  }
}
