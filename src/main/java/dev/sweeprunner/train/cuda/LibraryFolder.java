package dev.sweeprunner.train.cuda;

import java.io.IOException;

/** What loading a native library needs of the machine: a folder of its own for a moment. */
public interface LibraryFolder {
  /**
   * Writes a file into a fresh folder that nobody else can enter, makes {@code java.io.tmpdir} name
   * that folder while {@code load} runs, and removes both afterwards; a library that was loaded
   * stays mapped. What cannot be removed is left behind without an error. A crash leaves the
   * folder.
   *
   * @param name the file's
   * @throws IOException if the folder or the file cannot be made; {@code load} has not run then
   */
  void with(String name, byte[] content, Runnable load) throws IOException;
}
