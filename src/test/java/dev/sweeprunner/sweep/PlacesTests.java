package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacesTests {
  @TempDir Path folder;

  @Test
  void the_working_directory_comes_before_the_folders_above_the_sweep_file() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path sweep = folder.resolve("project/sweeps/a.yaml");
    Places places = Places.of(home, sweep);

    var tried = places.tried("config/x.toml");

    assertThat(tried)
        .startsWith(
            home.resolve("config/x.toml"),
            folder.resolve("project/sweeps/config/x.toml"),
            folder.resolve("project/config/x.toml"),
            folder.resolve("config/x.toml"))
        .endsWith(folder.getRoot().resolve("config/x.toml"))
        .doesNotHaveDuplicates();
  }

  @Test
  void the_first_place_that_has_the_file_wins() throws IOException {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path config = Files.createDirectories(folder.resolve("project/config"));
    Path above = Files.writeString(config.resolve("x.toml"), "");
    Places places = Places.of(home, folder.resolve("project/sweeps/a.yaml"));

    assertThat(places.find("./config/x.toml")).contains(above);

    Files.createDirectory(home.resolve("config"));
    Path nearer = Files.writeString(home.resolve("config/x.toml"), "");

    assertThat(places.find("./config/x.toml")).contains(nearer);
  }

  @Test
  void an_absolute_path_means_itself_and_a_folder_is_no_file() {
    Places places = Places.of(folder, Path.of("sweeps/a.yaml"));
    Path absolute = folder.resolve("there.toml");

    assertThat(places.tried(absolute.toString())).containsExactly(absolute);
    assertThat(places.find(absolute.toString())).isEmpty();
    assertThat(places.find(folder.toString())).isEmpty();
    assertThat(places.roots()).startsWith(folder, folder.resolve("sweeps"));
  }
}
