package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageRootTests {
  @TempDir Path root;

  @Test
  void a_disk_with_room_lacks_nothing_and_keeps_nothing() throws Exception {
    StorageRoot storage = storage();

    assertThat(storage.lacking(1000)).isEmpty();

    try (var left = Files.list(root.resolve("workers"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void more_than_the_disk_holds_is_lacking() {
    StorageRoot storage = storage();

    assertThat(storage.lacking(Long.MAX_VALUE / 2).orElseThrow())
        .containsPattern("[0-9]+ bytes are free, and [0-9]+ are needed");
  }

  @Test
  void a_folder_that_is_gone_is_no_room() throws Exception {
    StorageRoot storage = storage();
    Files.delete(root.resolve("workers"));

    assertThat(storage.lacking(1)).isNotEmpty();
  }

  private StorageRoot storage() {
    StorageRoot storage = new StorageRoot(new LocalFiles(), root, root.resolve("workers"));
    storage.prepare(pause -> {});
    return storage;
  }

  @Test
  void its_hash_is_the_same_by_every_path_and_before_it_exists() throws IOException {
    Path real = Files.createDirectory(root.resolve("disk"));
    Path link = Files.createSymbolicLink(root.resolve("link"), real);
    String before = StorageRoot.hash(link.resolve("root"));
    Files.createDirectory(real.resolve("root"));

    assertThat(before).matches("[0-9a-f]{8}").isEqualTo(StorageRoot.hash(real.resolve("root")));
    assertThat(StorageRoot.hash(link.resolve("root"))).isEqualTo(before);
    assertThat(StorageRoot.hash(real)).isNotEqualTo(before);
  }
}
