package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.problem.Why;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The addresses of the page. Files of the page are answered at once; whatever needs the storage
 * root in threads of its own, of which there are few, so that a storage that hangs keeps no other
 * address of the server waiting. Any thread.
 */
final class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final int READERS = 4;
  private static final int MOST_WAITING = 64;
  private static final int PATIENCE_SECONDS = 120;
  private static final String API = "/api/";
  private static final String TOO_MANY = "Too many ask for this page at once; try again.";

  private final transient Gate gate;
  private final transient Assets assets;
  private final transient Pulse pulse;
  private final transient Timeline timeline;
  private final transient Readings readings;
  private final transient ThreadPoolExecutor readers =
      new ThreadPoolExecutor(
          READERS,
          READERS,
          10,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          task -> new PageThread("page-read", task));

  PageServlet(Gate gate, Assets assets, Pulse pulse, Timeline timeline, Readings readings) {
    this.gate = gate;
    this.assets = assets;
    this.pulse = pulse;
    this.timeline = timeline;
    this.readings = readings;
    readers.allowCoreThreadTimeOut(true);
  }

  @Override
  public void destroy() {
    pulse.close();
    readers.shutdownNow();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Answer answer = new Answer(request, response);
    boolean front = answer.path().equals("/") || answer.path().isEmpty();
    Gate.Shown shown = answer.shown(loopback(answer.localAddress()));
    Optional<Gate.Refusal> refusal = gate.refusal(shown);
    Optional<String> token = front ? answer.parameter("token") : Optional.empty();
    Optional<String> cookie = token.flatMap(gate::cookie);
    boolean strange = refusal.isPresent() && refusal.get().status() != 401;
    if (!answer.reads()) {
      answer.notAllowed();
    } else if (cookie.isPresent() && !strange) {
      answer.welcome(cookie.get());
    } else if (refusal.isPresent()) {
      answer.sentence(refusal.get().status(), refusal.get().why());
    } else if (answer.path().startsWith(API)) {
      api(answer, answer.path().substring(API.length()), request);
    } else {
      file(answer, front ? Assets.INDEX : answer.path().substring(1));
    }
  }

  private static boolean loopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress(); // no name, so nobody is asked
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private void file(Answer answer, String name) throws IOException {
    Optional<Assets.Asset> asset = assets.of(name);
    if (asset.isPresent()) {
      answer.asset(asset.get());
    } else {
      answer.sentence(HttpServletResponse.SC_NOT_FOUND, "There is nothing at this address.");
    }
  }

  private void api(Answer answer, String name, HttpServletRequest request) throws IOException {
    switch (name) {
      case "sweeps" -> later(answer, request, pulse::document);
      case "claims" -> later(answer, request, this::claims);
      case "rows" -> {
        String run = answer.parameter("run").orElse("");
        String after = answer.parameter("after").orElse("-1");
        later(answer, request, look -> rows(look, run, after));
      }
      case "stream" -> stream(answer, request);
      default -> answer.refusal(HttpServletResponse.SC_NOT_FOUND, "there is no such document");
    }
  }

  private byte[] claims(Look look) {
    timeline.update(look);
    return Timeline.json(timeline.newest()).getBytes(UTF_8);
  }

  private byte[] rows(Look look, String run, String step) throws NothingThere {
    long after = number(step);
    for (Points points : look.subject().sweeps()) {
      OptionalInt index = points.indexOf(run);
      if (index.isPresent()) {
        RunKey key = points.key(index.getAsInt());
        return Look.json(readings.of(look.subject(), key, after)::write).getBytes(UTF_8);
      }
    }
    throw new NothingThere("no point of these sweeps has this run id");
  }

  private static long number(String text) throws NothingThere {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new NothingThere("after is no number");
    }
  }

  /** Makes a document of a look. */
  private interface Document {
    byte[] of(Look look) throws NothingThere;
  }

  /** What is asked for is not there. */
  private static final class NothingThere extends Exception {
    private static final long serialVersionUID = 1L;

    NothingThere(String why) {
      super(why);
    }
  }

  private void later(Answer answer, HttpServletRequest request, Document document) {
    Later later = Later.of(request);
    try {
      readers.execute(
          () -> {
            Sending sending = made(document);
            later.write(() -> sending.by(answer));
            later.end();
          });
    } catch (RejectedExecutionException full) {
      later.write(() -> answer.refusal(HttpServletResponse.SC_SERVICE_UNAVAILABLE, TOO_MANY));
      later.end();
    }
  }

  /** Sends what has been made. */
  private interface Sending {
    void by(Answer answer) throws IOException;
  }

  private Sending made(Document document) {
    try {
      Look look = pulse.look().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      byte[] json = document.of(look);
      return answer -> answer.json(HttpServletResponse.SC_OK, json);
    } catch (NothingThere e) {
      return refusing(HttpServletResponse.SC_NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return refusing(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Why.of(cause));
    } catch (TimeoutException e) {
      return refusing(
          HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the storage root does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return refusing(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the page is closed");
    } catch (RuntimeException bug) {
      return refusing(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Why.of(bug));
    }
  }

  private static Sending refusing(int status, String why) {
    return answer -> answer.refusal(status, why);
  }

  private void stream(Answer answer, HttpServletRequest request) throws IOException {
    Watcher watcher = new Watcher(pulse::everything);
    if (answer.headersOnly()) {
      answer.events();
      return;
    }
    if (!pulse.join(watcher)) {
      answer.refusal(HttpServletResponse.SC_SERVICE_UNAVAILABLE, TOO_MANY);
      return;
    }
    Later later = Later.of(request);
    Runnable writing =
        () -> {
          watcher.write(parts -> later.write(() -> write(answer.events(), parts)));
          later.end();
          pulse.leave(watcher);
        };
    new PageThread("page-watcher", writing).start();
  }

  private static void write(OutputStream out, List<byte[]> parts) throws IOException {
    for (byte[] part : parts) {
      out.write(part);
    }
    out.flush();
  }
}
