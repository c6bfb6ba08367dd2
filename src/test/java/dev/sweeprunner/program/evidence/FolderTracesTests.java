package dev.sweeprunner.program.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTracesTests {
  @TempDir Path folder;

  private FolderTraces traces;

  @BeforeEach
  void begin() {
    traces = new FolderTraces(folder, Set.of(folder.resolve("out")));
  }

  @Test
  void points_with_files_of_their_own_share_nothing() throws Exception {
    write("train.py", "code");

    assertThat(run("a", "results/a.json", "a")).isEmpty();
    assertThat(run("b", "results/b.json", "b")).isEmpty();
  }

  @Test
  void a_file_that_two_points_write_is_named() throws Exception {
    run("a", "models/model.pth", "a");

    assertThat(run("b", "models/model.pth", "later"))
        .containsExactly(
            "Point b wrote models/model.pth in "
                + folder
                + ", which point a wrote before it: they share one folder");
    assertThat(run("b", "models/model.pth", "again, by itself")).isEmpty();
  }

  @Test
  void a_checkpoint_of_another_point_may_have_been_taken() throws Exception {
    run("a", "runs/checkpoint-500/trainer_state.json", "a");

    assertThat(run("b", "notes.txt", "b"))
        .containsExactly(
            "Point b may have gone on from runs/checkpoint-500/trainer_state.json in "
                + folder
                + ", which point a wrote");
  }

  @Test
  void a_checkpoint_that_was_there_is_foreign_to_a_point_that_never_ran() throws Exception {
    write("snapshot.pt", "x");

    FolderTraces.Look before = traces.look();

    assertThat(traces.after("a", before, false)).isEmpty();
    assertThat(traces.after("a", before, true))
        .containsExactly(
            "Point a may have gone on from snapshot.pt in "
                + folder
                + ", which was there before it");
  }

  @Test
  void what_every_program_touches_and_the_storage_root_do_not_count() throws Exception {
    for (String point : List.of("a", "b")) {
      FolderTraces.Look before = traces.look();
      for (String name : List.of("out/x", "wandb/run", "__pycache__/a.pyc", ".cache/y")) {
        write(name, point.repeat(point.equals("a") ? 1 : 3));
      }
      assertThat(traces.after(point, before, true)).isEmpty();
    }
  }

  @Test
  void many_files_are_one_sentence() throws Exception {
    for (String point : List.of("a", "bb")) {
      FolderTraces.Look before = traces.look();
      for (int i = 0; i < 9; i++) {
        write("f" + i, point);
      }
      List<String> sentences = traces.after(point, before, true);
      if (point.equals("bb")) {
        assertThat(sentences).hasSize(1);
        assertThat(sentences.get(0)).contains(" and 6 more in ");
      }
    }
  }

  @Test
  void of_more_files_than_are_looked_at_nothing_is_said() throws Exception {
    for (String point : List.of("a", "bb")) {
      FolderTraces.Look before = traces.look();
      for (int i = 0; i < 5_100; i++) {
        write("data/f" + point + i, "x");
      }
      assertThat(traces.after(point, before, true)).isEmpty();
    }
  }

  private List<String> run(String point, String name, String text) throws IOException {
    FolderTraces.Look before = traces.look();
    write(name, text);
    return traces.after(point, before, true);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
