package dev.sweeprunner.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link FileSystem} promises, the real one and the simulated one. */
public abstract class FileSystemContract {
  private FileSystem files;
  private Path root;

  /** Always the same. */
  protected abstract FileSystem files();

  /** An existing, empty folder on it. */
  protected abstract Path root();

  @BeforeEach
  void a_folder_on_it() {
    files = files();
    root = root();
  }

  @Test
  void listing_gives_names_and_tells_missing_from_empty() throws IOException {
    files.create(root.resolve("one"), bytes(""));
    files.makeFolders(root.resolve("two"));

    assertThat(files.list(root)).containsExactlyInAnyOrder("one", "two");
    assertThat(files.list(root.resolve("two"))).isEmpty();
    assertThatThrownBy(() -> files.list(root.resolve("three")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files.list(root.resolve("one")))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void create_and_take_and_link_refuse_a_name_that_is_taken() throws IOException {
    Path file = root.resolve("f");
    files.create(file, bytes("first"));
    files.create(root.resolve("g"), bytes("second"));

    assertThatThrownBy(() -> files.create(file, bytes("x")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> files.take(file, bytes("x")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> files.link(file, root.resolve("g")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(files.read(file)).isEqualTo(bytes("first"));
  }

  @Test
  void a_create_that_fails_frees_the_name_whatever_it_wrote() throws IOException {
    Path file = root.resolve("f");

    assertThatThrownBy(
            () ->
                files.create(
                    file,
                    out -> {
                      out.write(new byte[1 << 20]);
                      throw new FileAlreadyExistsException("another file");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(files.list(root)).isEmpty();
  }

  @Test
  void a_link_is_a_second_name_of_the_same_file() throws IOException {
    files.create(root.resolve("f"), bytes("x"));
    files.link(root.resolve("g"), root.resolve("f"));
    files.delete(root.resolve("f"));

    assertThat(files.read(root.resolve("g"))).isEqualTo(bytes("x"));
    assertThatThrownBy(() -> files.link(root.resolve("h"), root.resolve("f")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void rename_replaces_a_file_and_refuses_a_folder_with_content() throws IOException {
    files.create(root.resolve("f"), bytes("new"));
    files.create(root.resolve("g"), bytes("old"));
    files.rename(root.resolve("f"), root.resolve("g"));
    files.makeFolders(root.resolve("from"));
    files.makeFolders(root.resolve("to/full"));

    assertThat(files.read(root.resolve("g"))).isEqualTo(bytes("new"));
    assertThatThrownBy(() -> files.rename(root.resolve("from"), root.resolve("to")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> files.rename(root.resolve("none"), root.resolve("g")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void replace_leaves_the_new_content_and_no_temp() throws IOException {
    Path file = root.resolve("f");
    files.replace(file, bytes("one"));
    files.replace(file, bytes("two"));

    assertThat(files.read(file)).isEqualTo(bytes("two"));
    assertThat(files.list(root)).containsExactly("f");
  }

  @Test
  void a_replace_that_fails_leaves_no_temp() throws IOException {
    files.makeFolders(root.resolve("f/full"));

    assertThatThrownBy(() -> files.replace(root.resolve("f"), bytes("x")))
        .isInstanceOf(IOException.class);
    assertThat(files.list(root)).containsExactly("f");
  }

  @Test
  void delete_takes_what_is_missing_for_deleted() throws IOException {
    files.delete(root.resolve("none"));
    files.deleteTree(root.resolve("none"));

    assertThat(files.list(root)).isEmpty();
  }

  @Test
  void a_beat_is_overwritten_in_place_at_one_length() throws IOException {
    Path file = root.resolve("hb");
    try (FileSystem.Beat beat = files.openBeat(file)) {
      beat.write(bytes("1 abc"));
      beat.write(bytes("2 xyz"));

      assertThat(files.read(file)).isEqualTo(bytes("2 xyz"));
      assertThatThrownBy(() -> beat.write(bytes("3"))).isInstanceOf(IllegalArgumentException.class);
    }
    try (FileSystem.Beat beat = files.openBeat(file)) {
      beat.write(bytes("3 ijk"));
    }
    assertThat(files.read(file)).isEqualTo(bytes("3 ijk"));
  }

  @Test
  void appends_of_two_processes_do_not_overlap() throws IOException {
    Path file = root.resolve("log");
    try (FileSystem.Appender one = files.openAppender(file);
        FileSystem.Appender two = files.openAppender(file)) {
      one.append(bytes("a\n"));
      two.append(bytes("b\n"));
      one.append(bytes("c\n"));
      one.sync();
    }

    assertThat(files.read(file)).isEqualTo(bytes("a\nb\nc\n"));
  }

  @Test
  void free_space_is_known() throws IOException {
    assertThat(files.freeBytes(root)).isPositive();
  }

  @Test
  void a_streamed_file_arrives_whole() throws IOException {
    byte[] block = new byte[100_003];
    IntStream.range(0, block.length).forEach(i -> block[i] = (byte) i);

    files.create(
        root.resolve("f"),
        out -> {
          for (int i = 0; i < 10; i++) {
            out.write(block);
          }
        });

    assertThat(files.read(root.resolve("f"))).hasSize(10 * block.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
