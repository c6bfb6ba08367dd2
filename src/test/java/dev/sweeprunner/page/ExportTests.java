package dev.sweeprunner.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.cli.status.Views;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.Situations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExportTests {
  private static final Pattern SCRIPT =
      Pattern.compile("<(script|style)([^>]*)>(.*?)</\\1>", Pattern.DOTALL);

  @TempDir Path folder;
  private Points points;
  private PageWorld world;
  private Path file;

  @BeforeEach
  void begin() {
    points = Views.grid(folder);
    world = new PageWorld(folder, points);
    file = folder.resolve("sweep.html");
    world.views.claims.tell(points.key(0), Situations.finished(points.at(0)));
    world.views.journal.tell(points.key(0), Situations.row(400, "val/loss", 1.5));
  }

  private Export.Written export(long room) throws IOException {
    return world.page().export().write(file, new LocalFiles(), Optional::empty, room);
  }

  private String exported() throws IOException {
    export(Long.MAX_VALUE);
    return Files.readString(file);
  }

  private static JsonNode data(String html) {
    Matcher script = SCRIPT.matcher(html);
    while (script.find()) {
      if (script.group(2).contains("id=\"export\"")) {
        return new JsonMapper().readTree(script.group(3));
      }
    }
    throw new AssertionError("there are no data in " + html);
  }

  @Test
  void the_file_holds_the_documents_and_the_rows_of_the_runs_that_have_some() throws IOException {
    world.rows.tell(points.runId(0), 1, "\"val/loss\":1.5");

    JsonNode data = data(exported());

    assertThat(data.propertyNames()).containsExactly("document", "claims", "rows");
    assertThat(data.at("/document/sweeps/0/points").size()).isEqualTo(4);
    assertThat(data.at("/claims/claims").isArray()).isTrue();
    assertThat(data.at("/rows").propertyNames()).containsExactly(points.runId(0));
    assertThat(data.at("/rows/" + points.runId(0) + "/metrics/val~1loss/value").toString())
        .isEqualTo("[1.5]");
  }

  @Test
  void the_file_loads_nothing_and_runs_only_what_its_policy_names() throws IOException {
    String html = exported();

    assertThat(html)
        .doesNotContain("src=", "import ", "export ", "href=\"page")
        .contains("body { color: black }", "const one = 1;", "console.log(one + two());")
        .contains("<link rel=\"icon\" href=\"data:image/svg+xml;base64,PHN2Zy8+Cg==\">")
        .containsPattern(
            "(?s)<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\"");
    int found = 0;
    Matcher script = SCRIPT.matcher(html);
    while (script.find()) {
      byte[] hash = Sha256.digest().digest(script.group(3).getBytes(UTF_8));
      boolean data = script.group(2).contains("application/json");
      if (!data) {
        assertThat(html).contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
      }
      found++;
    }
    assertThat(found).isEqualTo(4); // a style, a classic script, the data, the modules
    assertThat(html.indexOf("id=\"export\"")).isLessThan(html.indexOf("const one = 1;"));
  }

  @Test
  void modules_become_one_in_their_order() throws IOException {
    String html = exported();

    assertThat(html.indexOf("const one = 1;")).isLessThan(html.indexOf("console.log(one"));
    assertThat(html).contains("\nfunction two() { return 2; }\n");
  }

  @Test
  void no_name_ends_the_data_or_a_script() throws IOException {
    world.rows.tell(points.runId(0), 1, "\"</script><img src=x onerror=alert(1)>\":1");
    world.notes = List.of("</script><!--\u0007");

    String html = exported();

    assertThat(html).doesNotContain("<img", "<!--", "\u0007");
    assertThat(html.toLowerCase(Locale.ROOT).split("</script>", -1)).hasSize(4);
    assertThat(data(html).at("/document/notes/0").asString()).isEqualTo("</script><!--\u0007");
    assertThat(data(html).at("/rows/" + points.runId(0) + "/metrics").propertyNames())
        .containsExactly("</script><img src=x onerror=alert(1)>");
  }

  @Test
  void curves_are_thinned_where_the_file_would_be_too_large_and_that_is_said() throws IOException {
    for (int step = 0; step < 2000; step++) {
      StringBuilder row = new StringBuilder("\"val/loss\":" + step % 7);
      for (int metric = 0; metric < 20; metric++) {
        row.append(",\"m").append(metric).append("\":").append(step % 5);
      }
      world.rows.tell(points.runId(0), step, row.toString());
    }

    Export.Written whole = export(Long.MAX_VALUE);
    Export.Written less = export(whole.bytes() / 3);
    JsonNode metrics = data(Files.readString(file)).at("/rows/" + points.runId(0) + "/metrics");
    export(1);
    JsonNode least = data(Files.readString(file)).at("/rows/" + points.runId(0) + "/metrics");

    assertThat(whole.thinned()).isEmpty();
    assertThat(less.thinned()).contains("at most 500 points a metric", "at most 8 metrics a run");
    assertThat(less.bytes()).isLessThan(whole.bytes());
    assertThat(metrics.size()).isEqualTo(8);
    assertThat(metrics.propertyNames()).contains("val/loss");
    assertThat(metrics.at("/m0/step").size()).isBetween(100, 500);
    assertThat(least.propertyNames()).containsExactly("val/loss");
    assertThat(least.at("/val~1loss/step").size()).isLessThanOrEqualTo(20);
  }

  @Test
  void a_file_that_is_there_is_replaced_as_a_whole_or_not_at_all() throws IOException {
    Files.writeString(file, "before");

    assertThatThrownBy(
            () ->
                world
                    .page()
                    .export()
                    .write(file, new LocalFiles(), () -> Optional.of("SIGTERM"), 1000))
        .isInstanceOf(IOException.class);
    assertThat(file).hasContent("before");
    Export.Written written = export(Long.MAX_VALUE);

    assertThat(Files.size(file)).isEqualTo(written.bytes());
    assertThat(new LocalFiles().list(folder)).noneMatch(name -> name.startsWith(".t."));
  }

  @Test
  void a_folder_that_is_not_there_is_an_error() {
    file = folder.resolve("none/sweep.html");

    assertThatThrownBy(() -> export(1)).isInstanceOf(NoSuchFileException.class);
  }
}
