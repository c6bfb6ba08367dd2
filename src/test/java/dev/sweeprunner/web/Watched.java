package dev.sweeprunner.web;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Requests;
import dev.sweeprunner.run.WorkerReport;
import dev.sweeprunner.run.work.Meter;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.ShownClaim;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A worker as its endpoints see it, of which a test says how it is; and the real server. */
final class Watched implements AutoCloseable {
  static final Duration HANG = Duration.ofMinutes(30);
  static final Duration EXPIRY = Duration.ofMinutes(10);

  final SettableClock clock = new SettableClock();
  final Meter meter = new Meter(clock);
  final Point point;
  final ShownClaim claim;

  volatile WorkerReport.Status status = ToldWorkers.status(Situations.owner("w1"), "9f3c21aa", 640);
  volatile Optional<String> complaint = Optional.empty();
  volatile Delivery delivery = Delivery.quiet("disabled");
  volatile Requests requests = Requests.NONE;
  volatile Optional<Relay.Standing> relay = Optional.empty();
  volatile @Nullable String commit = "0123abc";

  final AtomicInteger pages = new AtomicInteger();

  private final AtomicInteger port = new AtomicInteger(-1);
  private final ConfigurableApplicationContext context;

  /**
   * Starts the server.
   *
   * @param folder in which nothing may appear
   * @param grid takes the files of a sweep
   */
  Watched(Path folder, Path grid) {
    point = Grids.tiny(grid, 1, 40).at(0);
    claim = new ShownClaim(point.key(), LogSummary.EMPTY);
    Vitals vitals =
        new Vitals(
            () -> status,
            meter,
            () -> complaint,
            new Vitals.Wandb(() -> delivery, () -> requests),
            () -> relay,
            new Vitals.Origin("1.0", () -> commit),
            this::page,
            port::set,
            clock,
            folder,
            new Vitals.Limits(HANG, EXPIRY));
    context =
        new SpringApplicationBuilder(Server.class)
            .web(WebApplicationType.SERVLET)
            .initializers(
                c -> ((GenericApplicationContext) c).registerBean(Vitals.class, () -> vitals))
            .run("--server.port=0");
  }

  /** The worker begins with a run. */
  void holdsARun() {
    meter.holds(new ClaimedRun(point, claim, null));
    meter.began(point, 3, 0);
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return port.get();
  }

  HttpURLConnection open(String path) throws IOException {
    return (HttpURLConnection)
        URI.create("http://127.0.0.1:" + port.get() + path).toURL().openConnection();
  }

  JsonNode json(String path) throws IOException {
    return JsonMapper.shared().readTree(text(path));
  }

  /** The body, whatever the status. */
  String text(String path) throws IOException {
    HttpURLConnection connection = open(path);
    InputStream body =
        connection.getResponseCode() < 400
            ? connection.getInputStream()
            : connection.getErrorStream();
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** A page that says no more than that it is one. */
  private Servlet page() {
    pages.incrementAndGet();
    return new HttpServlet() {
      private static final long serialVersionUID = 1;

      @Override
      protected void doGet(HttpServletRequest request, HttpServletResponse response)
          throws IOException {
        response.getWriter().print("page " + request.getRequestURI());
      }
    };
  }

  @Override
  public void close() {
    context.close();
  }

  /** As a worker starts it, without the job repository. */
  @Configuration(proxyBeanMethods = false)
  @Import(WebConfiguration.class)
  static class Server {}
}
