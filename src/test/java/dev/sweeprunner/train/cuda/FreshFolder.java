package dev.sweeprunner.train.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder under {@code java.io.tmpdir} for the native library, as the root makes it. */
public final class FreshFolder implements LibraryFolder {
  private static final String PROPERTY = "java.io.tmpdir";

  @Override
  public void with(String name, byte[] content, Runnable load) throws IOException {
    var before = System.getProperty(PROPERTY);
    var folder = Files.createTempDirectory(Path.of(before), "fresh");
    try {
      Files.write(folder.resolve(name), content);
      System.setProperty(PROPERTY, folder.toString());
      load.run();
    } finally {
      System.setProperty(PROPERTY, before);
      Files.deleteIfExists(folder.resolve(name));
      Files.delete(folder);
    }
  }
}
