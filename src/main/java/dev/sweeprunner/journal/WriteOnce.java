package dev.sweeprunner.journal;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Gives a ready file a lasting name that is taken only once, whoever else tries. */
final class WriteOnce {
  private WriteOnce() {}

  /**
   * Names {@code ready} also {@code name}, or leaves the one who was first alone.
   *
   * <p>Where the file system has no hard links, {@code ready} is moved; there two at once may
   * replace each other, so callers give equal content.
   *
   * @return whether the name is ours
   */
  static boolean place(FileSystem files, Path ready, Path name) throws IOException {
    try {
      files.link(name, ready);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    } catch (IOException noLinks) {
      return placeWithoutLinks(files, ready, name);
    }
  }

  private static boolean placeWithoutLinks(FileSystem files, Path ready, Path name)
      throws IOException {
    var folder = name.getParent();
    if (folder == null || files.list(folder).contains(String.valueOf(name.getFileName()))) {
      return false;
    }
    files.rename(ready, name);
    return true;
  }
}
