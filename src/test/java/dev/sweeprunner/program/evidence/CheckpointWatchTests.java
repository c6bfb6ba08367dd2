package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWatchTests {
  @TempDir Path out;
  @TempDir Path cwd;

  private final SettableClock clock = new SettableClock();
  private final List<String> notes = new ArrayList<>();
  private long time = 1_000_000;

  @Test
  void hugging_face_checkpoints_are_whole_with_their_trainer_state() throws Exception {
    CheckpointWatch watch = watch(Map.of());
    write("run/checkpoint-500/model.bin", "abc");
    assertThat(watch.look()).isEmpty();

    write("run/checkpoint-500/trainer_state.json", "{}");
    Found found = watch.look().orElseThrow();
    assertThat(found.path()).isEqualTo(out.resolve("run/checkpoint-500"));
    assertThat(found.iter()).isEqualTo(OptionalLong.of(500));
    assertThat(found.layout()).isEqualTo("huggingface");
    assertThat(found.bytes()).isEqualTo(5);
    assertThat(watch.look()).isEmpty();

    write("run/checkpoint-1000/trainer_state.json", "{}");
    write("run/checkpoint-1500/model.bin", "half");
    assertThat(iter(watch.look())).isEqualTo(1000);
    write("run/checkpoint-1000/later", "x");
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void the_earlier_runners_state_tells_the_iteration() throws Exception {
    CheckpointWatch watch = watch(Map.of("checkpoint.layout", "earlier"));
    write("checkpoints/_rolling/model.pt", "m");
    Files.createSymbolicLink(out.resolve("checkpoints/latest"), Path.of("_rolling"));
    assertThat(watch.look()).isEmpty();

    write("checkpoints/_rolling/trainer_state.json", "{\"iter_num\": 40");
    assertThat(watch.look()).isEmpty();
    write("checkpoints/_rolling/trainer_state.json", "{\"iter_num\": 40}");
    assertThat(iter(watch.look())).isEqualTo(40);
    write("checkpoints/_rolling/model.pt", "half of the next");
    assertThat(watch.look()).isEmpty();
    write("checkpoints/_rolling/trainer_state.json", "{\"iter_num\": 60}");
    assertThat(iter(watch.look())).isEqualTo(60);
    write("checkpoints/_rolling/trainer_state.json", "{\"iter_num\": 20}");
    assertThat(watch.look()).isEmpty();
  }

  @Test
  void a_file_that_is_written_in_place_must_have_settled() throws Exception {
    for (String name : List.of("ckpt.pt", "a/b/last.ckpt", "deep/snapshot.pt")) {
      CheckpointWatch watch = watch(Map.of());
      watch.begin();
      write(name, "1");
      assertThat(watch.look()).isEmpty();
      clock.advance(Duration.ofSeconds(9));
      assertThat(watch.look()).isEmpty();
      write(name, "12");
      clock.advance(Duration.ofSeconds(9));
      assertThat(watch.look()).isEmpty();
      clock.advance(Duration.ofSeconds(11));

      Found found = watch.look().orElseThrow();

      assertThat(found.path()).isEqualTo(out.resolve(name));
      assertThat(found.iter()).isEmpty();
      assertThat(found.bytes()).isEqualTo(2);
      assertThat(watch.look()).isEmpty();
      write(name, "13");
      assertThat(watch.look()).isEmpty();
      clock.advance(Duration.ofSeconds(11));
      assertThat(watch.look()).isPresent();
    }
  }

  @Test
  void once_the_program_has_ended_nothing_is_waited_for() throws Exception {
    CheckpointWatch watch = watch(Map.of());
    write("ckpt.pt", "1");

    assertThat(watch.last()).isPresent();
    assertThat(watch.last()).isEmpty();
  }

  @Test
  void what_was_there_before_the_start_is_not_new() throws Exception {
    write("checkpoint-500/trainer_state.json", "{}");
    CheckpointWatch watch = watch(Map.of());

    assertThat(iter(watch.begin())).isEqualTo(500);

    write("checkpoint-400/trainer_state.json", "{}");
    assertThat(watch.look()).isEmpty();
    write("checkpoint-501/trainer_state.json", "{}");
    assertThat(iter(watch.look())).isEqualTo(501);
  }

  @Test
  void a_pattern_has_a_group_for_the_iteration_and_a_marker() throws Exception {
    CheckpointWatch watch =
        watch(Map.of("checkpoint.pattern", "ckpt/*-s{iter}.pt", "checkpoint.ready", "{name}.ok"));
    write("ckpt/a-s7.pt", "x");
    write("ckpt/a-s12.pt", "xyz");
    write("ckpt/a-s7.pt.ok", "");
    assertThat(iter(watch.look())).isEqualTo(7);

    write("ckpt/a-s12.pt.ok", "");
    Found found = watch.look().orElseThrow();
    assertThat(found.iter()).isEqualTo(OptionalLong.of(12));
    assertThat(found.layout()).isEqualTo("pattern");
    assertThat(found.bytes()).isEqualTo(3);
  }

  @Test
  void a_pattern_may_begin_at_the_working_folder_or_at_the_root() throws Exception {
    Files.createDirectories(cwd.resolve("x"));
    Files.writeString(cwd.resolve("x/5.bin"), "x");
    Map<String, String> options = new HashMap<>();
    options.put("checkpoint.ready", "atomic");
    options.put("checkpoint.pattern", "x/{iter}.bin");
    assertThat(watch(options).look()).isEmpty();

    options.put("below", "cwd");
    assertThat(iter(watch(options).look())).isEqualTo(5);

    options.remove("below");
    options.put("checkpoint.pattern", cwd + "/**/{iter}.bin");
    assertThat(iter(watch(options).look())).isEqualTo(5);
  }

  @Test
  void an_iteration_may_stand_in_a_field_beside_the_file() throws Exception {
    CheckpointWatch watch =
        watch(
            Map.of(
                "checkpoint.pattern",
                "model.pt",
                "checkpoint.ready",
                "atomic",
                "checkpoint.iteration",
                "state.json:trainer.step"));
    write("model.pt", "x");
    assertThat(watch.look()).isEmpty();
    write("state.json", "{\"trainer\":{\"step\":3.0}}");
    assertThat(iter(watch.look())).isEqualTo(3);
  }

  @Test
  void a_look_into_a_huge_folder_is_bounded_and_said_once() throws Exception {
    Path many = Files.createDirectories(out.resolve("data"));
    for (int i = 0; i < 10_050; i++) {
      Files.createFile(many.resolve("f" + i));
    }
    CheckpointWatch watch = watch(Map.of());

    watch.look();
    watch.look();

    assertThat(notes).hasSize(1);
    assertThat(notes.get(0)).contains("checkpoint.pattern");
  }

  @Test
  void none_looks_for_nothing() throws Exception {
    write("ckpt.pt", "1");

    assertThat(watch(Map.of("checkpoint.layout", "none")).last()).isEmpty();
  }

  @Test
  void a_layout_that_was_there_before_the_start_does_not_hide_another() throws Exception {
    write("checkpoint-9000/trainer_state.json", "{}");
    CheckpointWatch watch = watch(Map.of());
    watch.begin();

    write("snapshot.pt", "1");

    assertThat(watch.last().orElseThrow().layout()).isEqualTo("torchrun");
  }

  private CheckpointWatch watch(Map<String, String> options) {
    return new CheckpointWatch(
        EvidenceOptions.of("s.runner.yaml", options), new Places(out, cwd), clock, notes::add);
  }

  /** Each write is a second later than the one before. */
  private void write(String name, String text) throws IOException {
    Path file = out.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    time += 1000;
    Files.setLastModifiedTime(file, FileTime.fromMillis(time));
  }

  private static long iter(Optional<Found> found) {
    return found.orElseThrow().iter().orElseThrow();
  }
}
