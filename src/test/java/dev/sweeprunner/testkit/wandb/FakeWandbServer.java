package dev.sweeprunner.testkit.wandb;

import com.sun.net.httpserver.HttpServer;
import dev.sweeprunner.run.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A W&amp;B server on loopback: GraphQL, file streams, uploads, and {@code /debug} for scripts. Its
 * {@code Date} header is the machine's time, whatever its clock says, for the JDK's server writes
 * that itself: with a clock of its own, compare heartbeats with the clock and not with that header.
 */
public final class FakeWandbServer implements AutoCloseable {
  static {
    // Without this each answer on a kept connection waits 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final Clock clock;
  private final RunBook runs;
  private final ArtifactBook artifacts = new ArtifactBook();
  private final Accounts accounts;
  private final Faults faults;
  private final RequestLog requests = new RequestLog();
  private final Violations violations = new Violations();
  private final HttpServer http;
  private final ExecutorService threads;

  private FakeWandbServer(ServerOptions options) throws IOException {
    clock = options.clock();
    runs = new RunBook(clock, options.patience());
    accounts = new Accounts(options.entity());
    faults = new Faults(options.seed());
    http = HttpServer.create(new InetSocketAddress("127.0.0.1", options.port()), 1024);
    threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "fake-wandb");
              thread.setDaemon(true);
              return thread;
            });
    http.setExecutor(threads);
    serve("/graphql", new GraphQlHandler(runs, artifacts, accounts, violations, options.pageCap()));
    serve("/files/", new StreamHandler(runs, accounts, violations));
    serve("/upload/", new UploadHandler(runs, violations));
    serve(ArtifactUploads.PLACE, new ArtifactUploads(artifacts, violations));
    serve("/debug/", new DebugHandler(this));
    serve("/", (request, fault) -> Answer.error(404, "not found"));
    http.start();
  }

  /** Starts a server of the usual kind. */
  public static FakeWandbServer start() {
    return start(ServerOptions.usual());
  }

  /** Starts a server. */
  public static FakeWandbServer start(ServerOptions options) {
    try {
      return new FakeWandbServer(options);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Serves until it is killed; see {@link MainOptions#USAGE}. */
  public static void main(String[] arguments) {
    MainOptions.serve(arguments);
  }

  /** Its base URL, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The runs. */
  public RunBook runs() {
    return runs;
  }

  /** The artifacts. */
  public ArtifactBook artifacts() {
    return artifacts;
  }

  /** Keys and entities. */
  public Accounts accounts() {
    return accounts;
  }

  /** What goes wrong. */
  public Faults faults() {
    return faults;
  }

  /** What was asked. */
  public RequestLog requests() {
    return requests;
  }

  /** What should not have been asked like that. */
  public Violations violations() {
    return violations;
  }

  Clock clock() {
    return clock;
  }

  /** Presses the Stop button of the run of that id. */
  public void pressStop(String runId) {
    runs.get(runId).pressStop();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void serve(String path, Endpoint endpoint) {
    http.createContext(path, new Front(runs, faults, requests, violations, endpoint));
  }
}
