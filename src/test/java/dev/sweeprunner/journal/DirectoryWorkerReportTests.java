package dev.sweeprunner.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.SlurmTask;
import dev.sweeprunner.run.WorkerReport.Status;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DirectoryWorkerReportTests {
  @TempDir Path root;

  @Test
  void a_report_reads_back_as_it_was_written() {
    var reports = reports();
    var status = status("node1-1", "9f3c21aa", new SlurmTask("12", "11", "3", 1, "n1"));

    reports.report(status);

    assertThat(reports.all()).containsExactly(status);
  }

  @Test
  void a_later_report_replaces_the_earlier_one() throws IOException {
    var reports = reports();

    reports.report(status("node1-1", "9f3c21aa", null));
    reports.report(status("node1-1", null, null));

    assertThat(reports.all()).containsExactly(status("node1-1", null, null));
    assertThat(new LocalFiles().list(layout().workers())).containsExactly("node1-1.json");
  }

  @Test
  void the_file_is_versioned_json() throws IOException {
    reports().report(status("node1-1", "9f3c21aa", null));

    var file = JsonMapper.shared().readTree(Files.readAllBytes(layout().worker("node1-1")));
    assertThat(file.path("v").intValue()).isEqualTo(1);
    assertThat(file.path("tokens_per_second").doubleValue()).isEqualTo(1234.5);
    assertThat(file.path("owner").path("machine_id").stringValue()).isEqualTo("machine");
    assertThat(file.path("findings").path(0).path("run_id").stringValue()).isEqualTo("0badf00d");
  }

  @Test
  void a_report_of_an_earlier_version_does_not_say_since_when() throws IOException {
    var reports = reports();
    reports.report(status("node1-1", null, null));
    var file = layout().worker("node1-1");
    Files.writeString(file, Files.readString(file).replace("\"since\"", "\"other\""));

    assertThat(reports.all()).singleElement().extracting(Status::since).isNull();
  }

  @Test
  void files_that_cannot_be_understood_are_left_out() throws IOException {
    var reports = reports();
    reports.report(status("node1-1", null, null));
    var good = Files.readString(layout().worker("node1-1"));
    Files.writeString(layout().worker("empty"), "");
    Files.writeString(layout().worker("torn"), good.substring(0, good.length() / 2));
    Files.writeString(layout().worker("newer"), good.replace("\"v\" : 1", "\"v\" : 2"));
    Files.writeString(layout().worker("without-owner"), "{\"v\": 1, \"activity\": \"waiting\"}");
    Files.createDirectory(layout().worker("folder"));
    Files.writeString(layout().workers().resolve("node1-1.name-00000001"), "{}");

    assertThat(reports.all()).containsExactly(status("node1-1", null, null));
  }

  @Test
  void of_very_many_the_newest_are_read() throws IOException {
    var reports = reports();
    reports.report(status("node1-1", null, null));
    var bytes = Files.readAllBytes(layout().worker("node1-1"));
    var newest = Files.getLastModifiedTime(layout().worker("node1-1")).toInstant();
    for (int i = 0; i < DirectoryWorkerReport.MOST; i++) {
      Files.write(layout().worker("old-" + i), bytes);
      var time = FileTime.from(newest.minusSeconds(60 + i));
      Files.setLastModifiedTime(layout().worker("old-" + i), time);
    }
    var read = new ArrayList<String>();
    var counting =
        new Delegating(new LocalFiles()) {
          @Override
          public byte[] read(Path file) throws IOException {
            read.add(String.valueOf(file.getFileName()));
            return super.read(file);
          }
        };

    assertThat(new DirectoryWorkerReport(counting, layout()).all())
        .hasSize(DirectoryWorkerReport.MOST);

    assertThat(read)
        .hasSize(DirectoryWorkerReport.MOST)
        .contains("node1-1.json", "old-0.json")
        .doesNotContain("old-" + (DirectoryWorkerReport.MOST - 1) + ".json");
  }

  @Test
  void one_is_found_by_its_name_alone() {
    var reports = reports();
    reports.report(status("node1-1", null, null));
    reports.report(status("a b", null, null));

    assertThat(reports.of("node1-1")).contains(status("node1-1", null, null));
    assertThat(reports.of("a b")).contains(status("a b", null, null));
    assertThat(reports.of("node1-2")).isEmpty();
    assertThat(reports.of("")).isEmpty();
  }

  @Test
  void a_name_with_slashes_stays_inside_the_folder_and_apart_from_its_likes() {
    assertThat(DirectoryWorkerReport.fileName("node1-1")).isEqualTo("node1-1");
    assertThat(DirectoryWorkerReport.fileName("../../etc/x")).matches("[a-z-]+-[0-9a-f]{6}");
    assertThat(DirectoryWorkerReport.fileName("a/b"))
        .isNotEqualTo(DirectoryWorkerReport.fileName("a:b"));
    assertThat(DirectoryWorkerReport.fileName("x".repeat(300))).hasSizeLessThan(120);
  }

  @Test
  void a_root_that_cannot_be_written_costs_only_the_report() throws IOException {
    Files.writeString(root.resolve("out"), "a file where a folder should be");

    reports().report(status("node1-1", null, null));

    assertThat(reports().all()).isEmpty();
  }

  private Layout layout() {
    return new Layout(root);
  }

  private DirectoryWorkerReport reports() {
    return new DirectoryWorkerReport(new LocalFiles(), layout());
  }

  private static Status status(String worker, @Nullable String runId, @Nullable SlurmTask slurm) {
    var owner =
        new Owner(
            "a1", worker, "local", "node1", "machine", "boot", 42, "1", "2", "ada", "cpu", slurm);
    return new Status(
        owner,
        8080,
        "sweeps/a.yaml",
        "training",
        runId,
        "",
        1234.5,
        3,
        17,
        1,
        List.of(new Claims.Finding("p", "0badf00d", 3, "beat 17")),
        Instant.parse("2026-01-01T00:00:00.123456789Z"),
        Instant.parse("2025-12-31T23:00:00Z"));
  }
}
