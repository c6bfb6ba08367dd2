package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.Delegating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of programs beside a {@code .wandb} file. */
class OfflineCargoTests {
  @TempDir Path root;
  private CargoList list;

  @BeforeEach
  void leave() throws IOException {
    write("2/files/live.txt", "newest");
    write("1/files/live.txt", "old");
    write("1/files/media/a.png", "image");
    write("1/files/config.yaml", "c");
    write("1/files/.t.half", "ha");
    list = new CargoList(new LocalFiles(), List.of(root.resolve("2"), root.resolve("1")));
  }

  @Test
  void the_newest_of_each_lies_there_under_its_name_however_often_it_is_done() throws IOException {
    OfflineCargo cargo = new OfflineCargo(new LocalFiles(), root.resolve("run"));
    cargo.place(list);
    List<String> names = cargo.place(list);

    assertThat(names).containsExactly("live.txt", "media/a.png");
    assertThat(root.resolve("run/files/live.txt")).hasContent("newest");
    assertThat(root.resolve("run/files/media/a.png")).hasContent("image");
    assertThat(Files.getAttribute(root.resolve("run/files/live.txt"), "unix:nlink")).isEqualTo(2);
  }

  @Test
  void where_there_are_no_second_names_it_is_copied() throws IOException {
    FileSystem plain =
        new Delegating(new LocalFiles()) {
          @Override
          public void link(Path newName, Path file) throws IOException {
            throw new IOException("no hard links here");
          }
        };
    new OfflineCargo(plain, root.resolve("run")).place(list);

    assertThat(root.resolve("run/files/live.txt")).hasContent("newest");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
