package dev.sweeprunner.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTests extends FileSystemContract {
  private final FileSystem files = new LocalFiles();

  @TempDir Path root;

  @Override
  protected FileSystem files() {
    return files;
  }

  @Override
  protected Path root() {
    return root;
  }

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
  void a_write_that_the_disk_refuses_names_its_file() throws IOException {
    try (FileSystem.Appender full = files.openAppender(Path.of("/dev/full"))) {
      assertThatThrownBy(() -> full.append(bytes("x")))
          .hasMessage("/dev/full: No space left on device");
    }
    try (OutputStream full =
        new PlacedOutput(Path.of("/a"), Files.newOutputStream(Path.of("/dev/full")))) {
      assertThatThrownBy(() -> full.write(bytes("x"))).hasMessage("/a: No space left on device");
      assertThatThrownBy(() -> full.write(1)).hasMessage("/a: No space left on device");
    }
  }

  @Test
  void what_fails_at_another_file_is_not_said_of_this_one() {
    assertThatThrownBy(
            () ->
                files.create(
                    root.resolve("copy"),
                    out -> {
                      throw new IOException("the source is damaged");
                    }))
        .hasMessage("the source is damaged");
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

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
