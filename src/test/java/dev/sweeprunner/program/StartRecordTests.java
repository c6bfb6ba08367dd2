package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.launch.LaunchOrder;
import dev.sweeprunner.run.ClaimedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How a claim's program was run, and where that differs from the first of its group. */
class StartRecordTests {
  private static final LaunchOrder.Call CALL = call(List.of("${interpreter}", "${program}"));

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();
  private Path storage;
  private Layout layout;
  private ClaimedRun run;

  @BeforeEach
  void claimARun() throws IOException {
    storage = folder.resolve("storage");
    layout = new Layout(storage);
    Points points =
        Claimed.points(folder.resolve("a.yaml"), "program: train.py\nparameters: {x: {value: 1}}");
    run = Claimed.first(storage, points);
    Files.createDirectories(layout.meta(run.point().key(), run.claim().epoch()));
    Files.writeString(folder.resolve("train.py"), "print(1)\n");
  }

  private static LaunchOrder.Call call(List<String> command) {
    return new LaunchOrder.Call("train.py", command, "python");
  }

  private void write(LaunchOrder.Call call) throws IOException {
    Map<String, String> own = Map.of("PATH", "/bin", "HOME", "/home/ann");
    Map<String, String> program =
        Map.of("PATH", "/bin", "HOME", "/elsewhere", "OUT_DIR", "/out", "RUN_ID", "x");
    Launch.Start start =
        new Launch.Start(List.of("python", "train.py", "--x=1"), program, folder, List.of());
    new StartRecord(Claimed.site(storage, folder, own)).write(run, call, start, notices::add);
  }

  private JsonNode record() throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readAllBytes(layout.program(run.point().key(), run.claim().epoch())));
  }

  @Test
  void has_the_words_the_folder_and_what_only_the_program_sees() throws IOException {
    write(CALL);

    assertThat(record().path("v").intValue()).isEqualTo(1);
    assertThat(record().path("argv").toString()).isEqualTo("[\"python\",\"train.py\",\"--x=1\"]");
    assertThat(record().path("cwd").stringValue()).isEqualTo(folder.toString());
    assertThat(record().path("environment").propertyNames())
        .containsExactly("HOME", "OUT_DIR", "RUN_ID");
    assertThat(record().path("program_sha256").stringValue()).isEqualTo(Sha256.of("print(1)\n"));
    assertThat(layout.firstProgram(run.point().key())).exists();
    assertThat(notices).isEmpty();
  }

  @Test
  void has_no_secrets() throws IOException {
    Launch.Start start =
        new Launch.Start(
            List.of("python", "train.py", "--password", "hunter2", "--x=1"),
            Map.of("WANDB_API_KEY", "local-key", "HOME", "/h", "URL", "https://me:pw1@host/"),
            folder,
            List.of());

    new StartRecord(Claimed.site(storage, folder, Map.of())).write(run, CALL, start, notices::add);

    assertThat(record().toString())
        .doesNotContain("hunter2")
        .doesNotContain("local-key")
        .doesNotContain("pw1")
        .contains("--x=1", "WANDB_API_KEY", "https://me:[secret left out]@host/");
  }

  @Test
  void of_the_same_program_says_nothing() throws IOException {
    write(CALL);
    write(CALL);

    assertThat(notices).isEmpty();
  }

  @Test
  void of_a_program_whose_text_has_changed_says_so_and_leaves_the_first() throws IOException {
    write(CALL);
    byte[] first = Files.readAllBytes(layout.firstProgram(run.point().key()));
    Files.writeString(folder.resolve("train.py"), "print(2)\n");

    write(CALL);

    assertThat(notices)
        .singleElement()
        .asString()
        .contains("another text of the program")
        .contains(layout.firstProgram(run.point().key()).toString());
    assertThat(layout.firstProgram(run.point().key())).hasBinaryContent(first);
  }

  @Test
  void of_another_command_says_which_part() throws IOException {
    write(CALL);

    write(call(List.of("bash", "${program}")));

    assertThat(notices).singleElement().asString().contains("another command (");
  }

  @Test
  void of_a_program_that_is_no_file_has_no_hash() throws IOException {
    Files.delete(folder.resolve("train.py"));

    write(CALL);

    assertThat(record().path("program_sha256").isNull()).isTrue();
  }

  @Test
  void is_written_anew_by_a_claim_that_tries_again() throws IOException {
    Path file = layout.program(run.point().key(), run.claim().epoch());
    Files.writeString(file, "{\"v\": 1, \"ar");

    write(CALL);

    assertThat(record().path("v").intValue()).isEqualTo(1);
  }

  @Test
  void beside_a_first_one_that_is_torn_says_nothing() throws IOException {
    Path first = layout.firstProgram(run.point().key());
    Files.createDirectories(first.getParent());
    Files.writeString(first, "{\"program\": \"tr");

    write(CALL);

    assertThat(notices).isEmpty();
    assertThat(record().path("v").intValue()).isEqualTo(1);
  }
}
