package dev.sweeprunner.app;

import dev.sweeprunner.files.PrivateFolder;
import dev.sweeprunner.train.cuda.LibraryFolder;
import java.io.IOException;

/** A native library's folder: the one place that changes a system property of this process. */
final class TemporaryLibrary implements LibraryFolder {
  private static final String PLACE = "java.io.tmpdir";

  @Override
  public void with(String name, byte[] content, Runnable load) throws IOException {
    try (PrivateFolder folder = PrivateFolder.create("sweep-runner-library-")) {
      folder.write(name, content);
      String before = System.getProperty(PLACE, "");
      System.setProperty(PLACE, folder.path().toString());
      try {
        load.run();
      } finally {
        System.setProperty(PLACE, before);
      }
    }
  }
}
