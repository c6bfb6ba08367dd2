package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.cli.status.Roll;
import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.ClaimStarts;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.Processes;
import dev.sweeprunner.run.RowText;
import dev.sweeprunner.run.RunRows;
import dev.sweeprunner.run.Scheduler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A page over claims and rows of which a test tells, on a real server where one is asked for. */
final class PageWorld implements AutoCloseable {
  static final String INDEX =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <title>Sweep</title>
      <link rel="stylesheet" href="page.css">
      <link rel="icon" href="icon.svg">
      <script src="plot.js"></script>
      <script type="module" src="app.js"></script>
      </html>
      """;

  final Views views = new Views();
  final ToldRows rows = new ToldRows();
  final Map<String, List<ClaimStarts.Start>> starts = new HashMap<>();
  final AtomicInteger looks = new AtomicInteger();
  final Map<String, String> files = new HashMap<>();
  volatile List<Points> sweeps;
  volatile @Nullable Thread looking;
  volatile List<String> notes = List.of();
  volatile @Nullable RuntimeException broken;
  private @Nullable String token;
  private @Nullable PageServer server;
  private final Path folder;

  PageWorld(Path folder, Points points) {
    this.folder = folder;
    this.sweeps = List.of(points);
    files.put("index.html", INDEX);
    files.put("page.css", "body { color: black }\n");
    files.put("icon.svg", "<svg/>\n");
    files.put("plot.js", "var plot = '</script><!--';\n");
    files.put("modules.txt", "store.js\napp.js\n");
    files.put("store.js", "export const one = 1;\nexport function two() { return 2; }\n");
    files.put("app.js", "import {one, two} from \"./store.js\";\nconsole.log(one + two());\n");
  }

  /** From now on who asks must show this. */
  PageWorld guarded(String secret) {
    token = secret;
    return this;
  }

  Page page() {
    return new Page(
        this::subject,
        new Page.Site("1.2.3", Set.of("node7"), token, views.clock),
        new ToldAssets(),
        time -> rest());
  }

  /** What a look is about. */
  Subject subject() {
    looks.incrementAndGet();
    looking = Thread.currentThread();
    RuntimeException failure = broken;
    if (failure != null) {
      throw failure;
    }
    Roll roll =
        new Roll(
            views.ports().workers(),
            owner -> Processes.Verdict.UNKNOWN,
            Scheduler.none(),
            report -> Optional.empty(),
            views.clock,
            views.ports().expiry());
    return new Subject(
        sweeps,
        views.ports(),
        roll,
        rows,
        key -> starts.getOrDefault(key.runId(), List.of()),
        notes);
  }

  private static void rest() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int port() {
    if (server == null) {
      server = PageServer.start(page(), "127.0.0.1", 0, folder);
    }
    return server.port();
  }

  HttpURLConnection open(String path) throws IOException {
    URI address = URI.create("http://127.0.0.1:" + port() + path);
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setReadTimeout(20_000);
    return connection;
  }

  /** What is answered with 200. */
  String text(String path) throws IOException {
    return new String(open(path).getInputStream().readAllBytes(), UTF_8);
  }

  JsonNode json(String path) throws IOException {
    return new JsonMapper().readTree(text(path));
  }

  /** The whole answer to a request as it stands here. */
  String raw(String... head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(20_000);
      String request = String.join("\r\n", head) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  /** Begins to watch. */
  Stream stream() throws IOException {
    return new Stream(open("/api/stream"));
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  /** Events as they come. */
  static final class Stream implements AutoCloseable {
    private final HttpURLConnection connection;
    private final BufferedReader lines;

    Stream(HttpURLConnection connection) throws IOException {
      this.connection = connection;
      this.lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
    }

    /** The data of the next event of this name, whatever comes before it. */
    JsonNode next(String name) throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("event: " + name)) {
          return new JsonMapper().readTree(lines.readLine().substring("data: ".length()));
        }
      }
      throw new IOException("the stream has ended");
    }

    /** Whether nothing comes any more. */
    boolean ended() {
      try {
        return lines.lines().allMatch(line -> true);
      } catch (UncheckedIOException broken) {
        return true;
      }
    }

    @Override
    public void close() {
      connection.disconnect();
    }
  }

  /** Rows of which a test tells. */
  static final class ToldRows implements RunRows {
    private final Map<String, List<RowText>> rows = new HashMap<>();
    private final Map<String, String> damage = new HashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private Runnable taking = () -> {};

    /** How often they were read. */
    int reads() {
      return reads.get();
    }

    /** From now on this happens during each reading. */
    void takes(Runnable taken) {
      taking = taken;
    }

    void tell(String runId, long step, String values) {
      rows.computeIfAbsent(runId, id -> new ArrayList<>()).add(new RowText(step, values, ""));
    }

    void damage(String runId, String why) {
      damage.put(runId, why);
    }

    @Override
    public void each(RunKey key, LogEnd end, Consumer<RowText> each) throws IOException {
      reads.incrementAndGet();
      taking.run();
      rows.getOrDefault(key.runId(), List.of()).forEach(each);
      if (damage.containsKey(key.runId())) {
        throw new IOException(damage.get(key.runId()));
      }
    }
  }

  /** Files of a small page. */
  private final class ToldAssets extends Assets {
    @Override
    Optional<byte[]> content(String name) {
      return Optional.ofNullable(files.get(name)).map(text -> text.getBytes(UTF_8));
    }
  }
}
