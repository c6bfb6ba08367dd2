package dev.sweeprunner.relay;

import dev.sweeprunner.problem.Why;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/**
 * Takes and gives files at addresses that only the program knows; such a request shows no key.
 * Belongs to one thread.
 */
final class Uploads {
  /** What stands after the server's address, before the run's number. */
  static final String PATH = "/upload/";

  private final LoopbackLife life;
  private final LiveRun run;
  private final Exchange exchange;
  private final String path;

  /**
   * An upload or its reading.
   *
   * @param path what follows the run's address
   */
  Uploads(LoopbackLife life, LiveRun run, Exchange exchange, String path) {
    this.life = life;
    this.run = run;
    this.exchange = exchange;
    this.path = path;
  }

  /** Takes a file and answers. */
  void put() throws IOException {
    boolean taken;
    Body body = new Body(exchange.raw(), Long.MAX_VALUE, life::isOpen);
    try {
      taken = run.files().put(path, body, exchange.length());
    } catch (Body.Revoked e) {
      Door.unauthorized(exchange);
      return;
    } catch (IOException refused) {
      if (!body.brokenOff()) {
        life.say("A file of the program could not be kept, it may try again: " + Why.at(refused));
      }
      exchange.last();
      exchange.answer(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Map.of());
      return;
    }
    if (!taken) {
      Body.drain(exchange.raw(), life::isOpen);
    }
    exchange.answer(taken ? HttpServletResponse.SC_OK : HttpServletResponse.SC_FORBIDDEN, Map.of());
  }

  /** Gives a file. */
  void get() throws IOException {
    Optional<InputStream> content = run.files().get(path);
    if (content.isEmpty()) {
      exchange.answer(HttpServletResponse.SC_NOT_FOUND, Map.of());
      return;
    }
    try (InputStream file = content.get()) {
      exchange.file(file);
    }
  }
}
