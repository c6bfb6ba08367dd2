package dev.sweeprunner.relay.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.relay.StoringProgram;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that programs upload, and what of them is refused. */
class StoredFilesTests {
  private static final String[] PIECES = {
    "a",
    "..",
    ".",
    "",
    "/",
    "\\",
    "\n",
    "\u0000",
    "é",
    "media",
    ".t.",
    "%2e%2e",
    "~",
    " ",
    "x".repeat(250)
  };

  @TempDir Path root;
  private final Stores stores = new Stores();
  private Path folder;
  private StoredFiles store;
  private StoringProgram program;

  @BeforeEach
  void open() {
    folder = root.resolve("tracked");
    use(new LocalFiles(), Bounds.USUAL);
  }

  private void use(dev.sweeprunner.files.FileSystem disk, Bounds bounds) {
    store = stores.store(disk, folder, List.of(), bounds);
    program = new StoringProgram(store, "r1");
  }

  @Test
  void whatever_a_file_is_called_it_lies_below_the_run_s_files_or_nowhere() throws IOException {
    Random random = new Random(11);
    Set<String> kept = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      StringBuilder name = new StringBuilder();
      int parts = 1 + random.nextInt(6);
      for (int part = 0; part < parts; part++) {
        name.append(PIECES[random.nextInt(PIECES.length)]);
        name.append(random.nextBoolean() ? "/" : "");
      }
      try {
        if (program.save(name.toString(), "content of " + name)) {
          kept.add(name.toString());
        }
      } catch (IOException aFolderIsThere) {
        continue;
      }
    }
    assertThat(kept).hasSizeGreaterThan(20);
    for (Path file : all(root)) {
      String name = folder.resolve("files").relativize(file).toString();
      assertThat(kept).contains(name);
      assertThat(Files.readString(file)).isEqualTo("content of " + name);
    }
    assertThat(all(root)).hasSameSizeAs(kept);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/x", "../x", "a/../../x", "a//b", "", "a\nb", "./a", "a/.t.b"})
  void a_name_that_leads_elsewhere_is_refused_and_said_once(String name) throws IOException {
    assertThat(program.save(name, "x")).isFalse();
    assertThat(program.save(name, "x")).isFalse();
    assertThat(stores.said).singleElement().asString().contains("was not kept: its name ");
    assertThat(all(root)).isEmpty();
  }

  @Test
  void a_file_that_is_uploaded_again_is_replaced_whole() throws IOException {
    program.save("live.txt", "one");
    program.save("live.txt", "two two");

    assertThat(folder.resolve("files/live.txt")).hasContent("two two");
  }

  @Test
  void the_first_upload_leaves_alone_what_others_are_writing_beside_it() throws IOException {
    Path written = folder.resolve("artifacts/" + FileSystem.TEMP_PREFIX + "1f0c");
    Files.createDirectories(folder.resolve("artifacts"));
    Files.writeString(written, "{}");
    program.save("a", "x");

    assertThat(written).exists();
  }

  @Test
  void an_address_that_nobody_was_given_takes_and_shows_nothing() throws IOException {
    program.save("a", "x");
    for (String path : List.of("/", "", "/x", "/../files/b", "/files/a")) {
      assertThat(store.put(path, InputStream.nullInputStream(), 0)).isFalse();
      assertThat(store.get(path)).isEmpty();
    }
    assertThat(all(root)).hasSize(1);
  }

  @Test
  void a_body_that_breaks_off_leaves_what_was_there() throws IOException {
    program.save("a", "whole");
    String path = address("a");
    InputStream torn =
        new SequenceInputStream(
            new ByteArrayInputStream("half".getBytes(UTF_8)),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("reset");
              }
            });

    assertThatThrownBy(() -> store.put(path, torn, 100)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.put(path, new ByteArrayInputStream(new byte[3]), 4))
        .isInstanceOf(IOException.class);
    assertThat(all(root)).hasSize(1);
    assertThat(folder.resolve("files/a")).hasContent("whole");
    assertThat(store.get(path).orElseThrow().readAllBytes()).asString(UTF_8).isEqualTo("whole");
  }

  @Test
  void what_is_too_large_is_refused_however_it_comes() throws IOException {
    use(new LocalFiles(), new Bounds(10, 25, 0, 4));

    assertThat(store.put(address("a"), new ByteArrayInputStream(new byte[11]), 11)).isFalse();
    assertThat(store.put(address("b"), new ByteArrayInputStream(new byte[11]), -1)).isFalse();
    assertThat(program.save("c", "0123456789")).isTrue();
    assertThat(program.save("d", "0123456789")).isTrue();
    assertThat(program.save("e", "0123456789")).isFalse();
    assertThat(program.save("d", "01234")).isTrue();
    assertThat(program.save("e", "0123456789")).isTrue();
    assertThat(all(root)).hasSize(3);
    assertThat(stores.said)
        .contains("The file a is larger than 10 bytes and was not kept")
        .contains(
            "The file e would make the files of this run more than 25 bytes and was not kept");
  }

  @Test
  void what_would_fill_the_disk_is_refused() throws IOException {
    use(
        new Delegating(new LocalFiles()) {
          @Override
          public long freeBytes(Path place) {
            return 100;
          }
        },
        new Bounds(1_000, 1_000, 95, 1_000));

    assertThat(program.save("a", "0123456789")).isFalse();
    assertThat(program.save("b", "012")).isTrue();
    assertThat(stores.said).singleElement().asString().contains("less than 95 bytes on the disk");
  }

  @Test
  void what_a_killed_upload_left_is_removed_by_the_next_store() throws IOException {
    Path dead = root.resolve("dead");
    Files.createDirectories(dead.resolve("files/media"));
    Files.createDirectories(folder.resolve("files"));
    Files.writeString(dead.resolve("files/media/.t.abc"), "half");
    Files.writeString(folder.resolve("files/.t.upload-def"), "half");
    store = stores.store(new LocalFiles(), folder, List.of(dead), Bounds.USUAL);

    new StoringProgram(store, "r1").save("a", "x");
    assertThat(all(root)).containsExactly(folder.resolve("files/a"));
  }

  private String address(String name) throws IOException {
    Map<String, ?> answer =
        store.answer("CreateRunFiles", Map.of("files", List.of(name))).orElseThrow();
    List<?> files = (List<?>) StoringProgram.at(answer, "createRunFiles", "files");
    String url = String.valueOf(StoringProgram.at(files.get(0), "uploadUrl"));
    return url.substring(StoringProgram.ADDRESS.length());
  }

  private static List<Path> all(Path below) throws IOException {
    try (Stream<Path> walk = Files.walk(below)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }
}
