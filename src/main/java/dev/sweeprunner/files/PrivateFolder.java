package dev.sweeprunner.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A fresh folder below {@code java.io.tmpdir} that nobody else can enter, and its plain files;
 * closing removes all of it. A crash leaves it.
 */
public final class PrivateFolder implements AutoCloseable {
  private final Path path;

  private PrivateFolder(Path path) {
    this.path = path;
  }

  /** Makes one, mode 700. */
  public static PrivateFolder create(String prefix) throws IOException {
    return new PrivateFolder(Files.createTempDirectory(prefix));
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Writes a file into it. */
  public void write(String name, byte[] content) throws IOException {
    Files.write(path.resolve(name), content);
  }

  /** Removes it as far as possible: what cannot be removed stays behind without an error. */
  @Override
  public void close() {
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(path);
    } catch (IOException litter) {
      // A folder in the temporary folder is no reason to fail.
    }
  }
}
