package dev.sweeprunner.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTests {
  private final FileSystem files = new LocalFiles();

  @TempDir Path root;

  @Test
  void folders_are_made_with_their_parents_and_through_symlinks() throws IOException {
    files.makeFolders(root.resolve("a/b/c"));
    files.makeFolders(root.resolve("a/b/c"));
    Files.createSymbolicLink(root.resolve("link"), Path.of("a"));
    files.makeFolders(root.resolve("link"));

    assertThat(root.resolve("link/b/c")).isDirectory();
    files.create(root.resolve("file"), bytes("x"));
    assertThatThrownBy(() -> files.makeFolders(root.resolve("file")))
        .isInstanceOf(IOException.class);
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
  void a_create_that_fails_frees_the_name_whatever_it_wrote() {
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

    assertThat(root).isEmptyDirectory();
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
  void a_symlink_is_replaced_at_once() throws IOException {
    files.makeFolders(root.resolve("a"));
    files.makeFolders(root.resolve("b"));
    files.replaceLink(root.resolve("latest"), Path.of("a"));
    files.replaceLink(root.resolve("latest"), Path.of("b"));

    assertThat(Files.readSymbolicLink(root.resolve("latest"))).isEqualTo(Path.of("b"));
    assertThat(files.list(root)).containsExactlyInAnyOrder("a", "b", "latest");
  }

  @Test
  void delete_takes_what_is_missing_for_deleted() throws IOException {
    files.delete(root.resolve("none"));
    files.deleteTree(root.resolve("none"));

    assertThat(root).isEmptyDirectory();
  }

  @Test
  void a_tree_goes_without_what_its_symlinks_point_to() throws IOException {
    files.makeFolders(root.resolve("kept"));
    files.create(root.resolve("kept/f"), bytes("x"));
    files.makeFolders(root.resolve("tree/deep"));
    files.create(root.resolve("tree/deep/f"), bytes("x"));
    Files.createSymbolicLink(root.resolve("tree/link"), root.resolve("kept"));

    files.deleteTree(root.resolve("tree"));

    assertThat(files.list(root)).containsExactly("kept");
    assertThat(root.resolve("kept/f")).exists();
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

    assertThat(Files.readAllLines(file)).containsExactly("a", "b", "c");
  }

  @Test
  void free_space_is_known() throws IOException {
    assertThat(files.freeBytes(root)).isPositive();
  }

  @Test
  void under_umask_002_a_setgid_root_is_shared_by_its_group() throws Exception {
    Files.setAttribute(root, "unix:mode", 02775);
    Process writer =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 002 && exec \"$0\" -cp \"$1\" \"$2\" \"$3\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                root.toString())
            .inheritIO()
            .start();

    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.exitValue()).isZero();
    for (String name : List.of("created", "taken", "replaced", "beat", "appended")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder(name))))
          .as(name)
          .isEqualTo("rw-rw-r--");
    }
    int mode = (int) Files.getAttribute(root.resolve("a/b"), "unix:mode");
    assertThat(Integer.toOctalString(mode & 07777)).isEqualTo("2775");
  }

  private Path folder(String name) {
    return root.resolve("a/b").resolve(name);
  }

  /** Writes one of each kind, in a process with a umask of its own. */
  static final class Writer {
    private Writer() {}

    /** The folder is the only argument. */
    public static void main(String[] args) throws IOException {
      FileSystem files = new LocalFiles();
      Path folder = Path.of(args[0]).resolve("a/b");
      files.makeFolders(folder);
      files.create(folder.resolve("created"), bytes("x"));
      files.take(folder.resolve("taken"), bytes("x"));
      files.replace(folder.resolve("replaced"), bytes("x"));
      try (FileSystem.Beat beat = files.openBeat(folder.resolve("beat"));
          FileSystem.Appender appender = files.openAppender(folder.resolve("appended"))) {
        beat.write(bytes("x"));
        appender.append(bytes("x"));
      }
    }
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

    assertThat(Files.size(root.resolve("f"))).isEqualTo(10L * block.length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
