package dev.sweeprunner.web;

import dev.sweeprunner.problem.UserError;
import java.util.Optional;
import org.springframework.boot.web.server.PortInUseException;

/** What a user is told where the server could not start since another process has its port. */
public final class TakenPort {
  private TakenPort() {}

  /** The error, if that is behind a failure. */
  public static Optional<UserError> behind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortInUseException taken) {
        return Optional.of(
            new UserError(
                "--port " + taken.getPort(),
                "another process has this port",
                "Name another, or none for a free one",
                failure));
      }
    }
    return Optional.empty();
  }
}
