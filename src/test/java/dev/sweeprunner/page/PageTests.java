package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.status.StatusRow;
import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.cli.status.WorkerRow;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.LogEnd;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every address of the page, over HTTP. */
class PageTests {
  @TempDir Path folder;
  private Points points;
  private PageWorld world;

  @BeforeEach
  void begin() {
    points = Views.grid(folder);
    world = new PageWorld(folder, points);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private String id(int index) {
    return points.runId(index);
  }

  private void trains(int index, long iter) {
    world.views.claims.tell(points.key(index), Situations.training(points.at(index), iter));
    world.views.journal.tell(
        points.key(index), Situations.row(iter, "train/loss", 1.25, "val/loss", 1.5));
    world
        .views
        .ports()
        .workers()
        .report(ToldWorkers.status(Situations.owner("w1"), id(index), 640));
  }

  @Test
  void the_front_page_and_its_files_are_served_and_nothing_else() throws IOException {
    HttpURLConnection front = world.open("/");

    assertThat(front.getResponseCode()).isEqualTo(200);
    assertThat(front.getHeaderField("Content-Type"))
        .isEqualToIgnoringCase("text/html;charset=utf-8");
    assertThat(front.getHeaderField("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(front.getHeaderField("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(front.getHeaderField("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(world.text("/index.html")).isEqualTo(PageWorld.INDEX).isEqualTo(world.text("/"));
    assertThat(world.open("/app.js").getHeaderField("Content-Type")).startsWith("text/javascript");
    for (String path :
        List.of(
            "/modules.txt",
            "/none.js",
            "/x/app.js",
            "/..%2fapp.js",
            "/%2e%2e/app.js",
            "/App.js",
            "/api/none",
            "/api/",
            "/api",
            "/application.yml")) {
      assertThat(world.open(path).getResponseCode()).as(path).isIn(400, 404);
    }
  }

  @Test
  void nothing_can_be_changed_and_heads_have_no_body() throws IOException {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE")) {
      String answer = world.raw(method + " /api/sweeps HTTP/1.1", "Host: localhost");
      assertThat(answer).as(method).startsWith("HTTP/1.1 405 ");
    }
    assertThat(world.raw("HEAD /api/sweeps HTTP/1.1", "Host: localhost"))
        .startsWith("HTTP/1.1 200 ")
        .contains("Content-Type: application/json")
        .endsWith("\r\n\r\n");
    assertThat(world.raw("HEAD /api/stream HTTP/1.1", "Host: localhost"))
        .contains("text/event-stream")
        .endsWith("\r\n\r\n");
  }

  @Test
  void nothing_is_looked_at_before_somebody_asks_for_it() throws IOException {
    world.text("/");
    world.text("/app.js");

    assertThat(world.looks.get()).isZero();
  }

  @Test
  void the_document_has_every_field_of_status_and_workers() throws IOException {
    trains(1, 100);
    world.notes = List.of("sweep.yaml: line 3 is wrong");

    JsonNode document = world.json("/api/sweeps");

    JsonNode sweep = document.at("/sweeps/0");
    JsonNode point = sweep.at("/points/1");
    assertThat(document.at("/version").asString()).isEqualTo("1.2.3");
    assertThat(document.at("/storage_root").asString()).isEqualTo("/st");
    assertThat(document.at("/expiry_s").asLong()).isEqualTo(600);
    assertThat(document.at("/notes/0").asString()).isEqualTo("sweep.yaml: line 3 is wrong");
    assertThat(sweep.at("/name").asString()).isEqualTo("Small grid");
    assertThat(sweep.at("/keys/0/name").asString()).isEqualTo("model.n_embd");
    assertThat(sweep.at("/keys/0/values").toString()).isEqualTo("[8,16]");
    assertThat(sweep.at("/keys").size()).isEqualTo(2);
    assertThat(sweep.at("/metric").toString())
        .isEqualTo("{\"name\":\"val/loss\",\"goal\":\"minimize\"}");
    assertThat(sweep.at("/points").size()).isEqualTo(4);
    assertThat(names(point))
        .containsAll(StatusRow.FIELDS.stream().map(StatusRow.Field::name).toList())
        .contains("value");
    assertThat(point.at("/value").asDouble()).isEqualTo(1.5);
    assertThat(sweep.at("/points/0/value").isNull()).isTrue();
    assertThat(sweep.at("/counts").toString()).isEqualTo("{\"unclaimed\":3,\"training\":1}");
    assertThat(sweep.at("/progress").asDouble()).isEqualTo(0.0625);
    assertThat(sweep.at("/tokens_per_second").asDouble()).isEqualTo(640);
    assertThat(sweep.at("/eta_s/from").asLong()).isPositive();
    assertThat(sweep.at("/ended").asBoolean()).isFalse();
    assertThat(names(document.at("/workers/0")))
        .containsExactlyInAnyOrderElementsOf(
            WorkerRow.FIELDS.stream().map(WorkerRow.Field::name).toList());
  }

  private static List<String> names(JsonNode object) {
    return new ArrayList<>(object.propertyNames());
  }

  @Test
  void what_is_wrong_comes_with_the_command_for_it() throws IOException {
    world.views.claims.tell(points.key(0), Situations.poisoned(points.at(0), "GPU lost"));

    JsonNode attention = world.json("/api/sweeps").at("/sweeps/0/attention/0");

    assertThat(attention.at("/text").asString())
        .isEqualTo("Attention: 1 poisoned; once the cause is mended");
    assertThat(attention.at("/command").asString()).startsWith("./sweep-runner reset " + id(0));
  }

  @Test
  void who_watches_is_told_all_and_then_what_changes() throws IOException {
    try (PageWorld.Stream stream = world.stream()) {
      JsonNode all = stream.next("sweeps");
      trains(2, 100);
      JsonNode change = stream.next("change");

      assertThat(all.at("/sweeps/0/points").size()).isEqualTo(4);
      assertThat(change.at("/sweeps/0/points").size()).isEqualTo(1);
      assertThat(change.at("/sweeps/0/points/0/index").asInt()).isEqualTo(2);
      assertThat(change.at("/sweeps/0/points/0/state").asString()).isEqualTo("training");
      assertThat(change.at("/sweeps/0/counts/training").asInt()).isEqualTo(1);
    }
  }

  @Test
  void an_age_that_grows_is_no_change() throws IOException {
    trains(1, 100);
    try (PageWorld.Stream stream = world.stream()) {
      stream.next("sweeps");
      world.views.clock.advance(Duration.ofSeconds(5));
      int before = world.looks.get();
      while (world.looks.get() < before + 3) {
        Thread.onSpinWait();
      }
      tellClaim(2, 50);

      JsonNode change = stream.next("change");

      assertThat(change.at("/sweeps/0/points").size()).isEqualTo(1);
      assertThat(change.at("/sweeps/0/points/0/index").asInt()).isEqualTo(2);
    }
  }

  @Test
  void edited_sweeps_are_told_anew() throws IOException {
    try (PageWorld.Stream stream = world.stream()) {
      stream.next("sweeps");
      world.sweeps = List.of(Views.grid(folder.resolve("edited"), 400, "[8, 16, 24]"));

      assertThat(stream.next("sweeps").at("/sweeps/0/points").size()).isEqualTo(6);
    }
  }

  @Test
  void claims_are_told_once_somebody_asked_for_them() throws IOException {
    tellClaim(0, 1);
    JsonNode first = world.json("/api/claims");
    try (PageWorld.Stream stream = world.stream()) {
      stream.next("sweeps");
      stream.next("claims");
      tellClaim(1, 3);

      JsonNode news = stream.next("claims");

      assertThat(first.at("/claims").size()).isEqualTo(1);
      assertThat(first.at("/claims/0/run_id").asString()).isEqualTo(id(0));
      assertThat(first.at("/claims/0/end").asString()).isEqualTo("open");
      assertThat(first.at("/claims/0/worker").asString()).isEqualTo("w1");
      assertThat(first.at("/claims/0/to").isNull()).isTrue();
      assertThat(news.at("/claims").size()).isEqualTo(1);
      assertThat(news.at("/claims/0/run_id").asString()).isEqualTo(id(1));
    }
  }

  private void tellClaim(int index, long iter) {
    LogEnd end = Situations.end(points.at(index), RecordType.CLAIM, LogSummary.EMPTY);
    world.views.claims.tell(points.key(index), List.of(end));
    world.views.claims.tell(points.key(index), Situations.training(points.at(index), iter));
  }

  @Test
  void rows_come_as_curves() throws IOException {
    trains(0, 3);
    for (int step = 0; step < 4; step++) {
      world.rows.tell(id(0), step, "\"train/loss\":" + (step == 2 ? "\"NaN\"" : "1." + step));
    }

    JsonNode all = world.json("/api/rows?run=" + id(0));
    JsonNode later = world.json("/api/rows?run=" + id(0) + "&after=1");
    JsonNode none = world.json("/api/rows?run=" + id(1));

    assertThat(all.toString())
        .isEqualTo(
            ("{'run_id':'"
                    + id(0)
                    + "','metrics':{'train/loss':{'step':[0,1,2,3],'value':"
                    + "[1.0,1.1,null,1.3]}},'last':3,'thinned':false,'note':''}")
                .replace('\'', '"'));
    assertThat(later.at("/metrics/train~1loss/step").toString()).isEqualTo("[2,3]");
    assertThat(none.at("/last").asInt()).isEqualTo(-1);
    assertThat(none.at("/metrics").size()).isZero();
    for (String wrong : List.of("?run=deadbeef", "?run=x", "", "?run=" + id(0) + "&after=x")) {
      HttpURLConnection answer = world.open("/api/rows" + wrong);
      assertThat(answer.getResponseCode()).as(wrong).isEqualTo(404);
      assertThat(new String(answer.getErrorStream().readAllBytes(), UTF_8))
          .startsWith("{\"error\":\"");
    }
  }

  @Test
  void rows_that_cannot_be_read_leave_those_before_them() throws IOException {
    trains(0, 3);
    world.rows.tell(id(0), 0, "\"loss\":1");
    world.rows.damage(id(0), "metrics/x.jsonl: it differs from what was published");

    JsonNode rows = world.json("/api/rows?run=" + id(0));

    assertThat(rows.at("/metrics/loss/value").toString()).isEqualTo("[1.0]");
    assertThat(rows.at("/note").asString()).contains("differs from what was published");
  }

  @Test
  void hostile_names_are_text_in_every_answer() throws IOException {
    String evil = "<img src=x onerror=alert(1)></script>\u001b[2J\u0085\u2028";
    points = hostile(evil);
    world.sweeps = List.of(points);
    tellClaim(0, 1);
    world.views.journal.tell(points.key(0), Situations.row(1, evil, 1.0));
    world.rows.tell(id(0), 1, "\"" + "<b>&amp;" + "\":1");
    world.notes = List.of(evil);

    for (String path : List.of("/api/sweeps", "/api/claims", "/api/rows?run=" + id(0))) {
      assertThat(world.text(path)).as(path).doesNotContain("<", ">", "&", "\u001b", "\u0085", "\n");
    }
    JsonNode document = world.json("/api/sweeps");
    assertThat(document.at("/sweeps/0/name").asString()).startsWith("<img src=x onerror=alert(1)>");
    assertThat(document.at("/sweeps/0/metric/name").asString()).isEqualTo(evil);
    assertThat(document.at("/notes/0").asString()).isEqualTo(evil);
    assertThat(world.json("/api/rows?run=" + id(0)).at("/metrics").propertyNames())
        .containsExactly("<b>&amp;");
    String answer = world.raw("GET /api/rows?run=%3Cb%3E HTTP/1.1", "Host: localhost");
    assertThat(answer).contains(" 404 ").doesNotContain("<b>");
  }

  private Points hostile(String name) {
    return Grids.of(
        folder.resolve("hostile"),
        "[data]\nsource = \"uniform\"\n",
        """
        method: grid
        name: "%s"
        description: "<script>alert(1)</script>"
        project: test
        command: [--job.config-file, base.toml]
        parameters:
          model.n_embd: {values: [8, 16]}
        """
            .formatted(
                name.replace("\u001b", "\\e").replace("\u0085", "\\N").replace("\u2028", "\\L")));
  }

  @Test
  void a_look_that_fails_is_told_and_the_next_may_succeed() throws IOException {
    world.broken = new IllegalStateException("the disk is gone");
    HttpURLConnection failed = world.open("/api/sweeps");
    int status = failed.getResponseCode();
    String why = new String(failed.getErrorStream().readAllBytes(), UTF_8);
    world.broken = null;

    assertThat(status).isEqualTo(503);
    assertThat(why).contains("the disk is gone");
    assertThat(world.json("/api/sweeps").at("/sweeps").size()).isEqualTo(1);
  }

  @Test
  void large_answers_are_packed_for_who_takes_that() throws IOException {
    HttpURLConnection packed = world.open("/api/sweeps");
    packed.setRequestProperty("Accept-Encoding", "gzip");

    assertThat(packed.getHeaderField("Content-Encoding")).isEqualTo("gzip");
    try (var in = new GZIPInputStream(packed.getInputStream())) {
      assertThat(new String(in.readAllBytes(), UTF_8)).startsWith("{\"made\":").endsWith("}");
    }
  }

  @Test
  void the_end_of_the_server_ends_who_watches_at_once() throws IOException {
    PageWorld.Stream stream = world.stream();
    stream.next("sweeps");

    long begun = System.nanoTime();
    world.close();

    assertThat(stream.ended()).isTrue();
    assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    world = new PageWorld(folder, points);
  }

  @Test
  void a_port_that_is_taken_is_the_users_to_change() {
    int taken = world.port();

    assertThatThrownBy(() -> PageServer.start(world.page(), "127.0.0.1", taken, folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("another process has the port")
        .hasMessageContaining("--port");
  }

  @Test
  void whoever_looks_keeps_no_process_alive_and_is_no_thread_of_the_server() throws IOException {
    world.json("/api/sweeps");
    Thread looking = Objects.requireNonNull(world.looking);

    assertThat(looking.isDaemon()).isTrue();
    assertThat(looking.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
    assertThat(looking.getContextClassLoader()).isSameAs(Page.class.getClassLoader());
  }

  @Test
  void who_breaks_off_troubles_nobody() throws Exception {
    Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
    try (PageWorld.Stream stays = world.stream()) {
      stays.next("sweeps");
      for (int i = 0; i < 8; i++) {
        try (Socket leaves = new Socket(InetAddress.getLoopbackAddress(), world.port())) {
          leaves.setSoLinger(i % 2 == 0, 0); // every other breaks it off hard
          String asks = "GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
          leaves.getOutputStream().write(asks.getBytes(UTF_8));
          leaves.getInputStream().read();
        }
        tellClaim(i % 4, 10 + i);
        assertThat(stays.next("change").at("/sweeps/0/points").size()).isPositive();
      }
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }

    assertThat(uncaught).isEmpty();
    assertThat(world.json("/api/sweeps").at("/sweeps/0/points").size()).isEqualTo(4);
  }

  @Test
  void of_many_who_watch_some_are_turned_away() throws IOException {
    List<PageWorld.Stream> watching = new ArrayList<>();
    for (int i = 0; i < Pulse.MOST_WATCHERS; i++) {
      watching.add(world.stream());
    }

    assertThat(world.open("/api/stream").getResponseCode()).isEqualTo(503);
    assertThat(world.open("/api/sweeps").getResponseCode()).isEqualTo(200);
    watching.forEach(PageWorld.Stream::close);
  }

  @Test
  void every_file_that_the_front_page_names_is_there() {
    Assets packed = new Assets();
    String index = new String(packed.content(Assets.INDEX).orElseThrow(), UTF_8);

    for (Map.Entry<String, String> each : Map.of("src=\"", "\"", "href=\"", "\"").entrySet()) {
      for (String part : index.split(each.getKey(), -1)) {
        String name = part.substring(0, Math.max(0, part.indexOf(each.getValue())));
        if (name.matches("[a-z0-9_-]+\\.[a-z]+")) {
          assertThat(packed.of(name)).as(name).isPresent();
        }
      }
    }
    assertThat(Inlined.of(packed).head()).contains("id=\"export\"");
  }
}
