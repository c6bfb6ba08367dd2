package dev.sweeprunner.program.state;

import dev.sweeprunner.files.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A program's folder as it was when a checkpoint was found in it: copied, hashed and durable, with
 * nobody writing to it any more. What is published later is these files under a second name.
 *
 * <p>Immutable, but for what {@link #remove} takes away. A kill leaves a part of a folder in the
 * claim's own one, which goes with that.
 */
public final class StillCopy {
  private final FileSystem files;
  private final Path folder;
  private final Map<String, Manifest.Stored> stored;

  private StillCopy(FileSystem files, Path folder, Map<String, Manifest.Stored> stored) {
    this.files = files;
    this.folder = folder;
    this.stored = stored;
  }

  /**
   * Copies a folder in which a program works on.
   *
   * @param to where to; what is there goes
   * @param checkpoint in {@code from}, the one that it is about
   * @param same whether that is the one that was found, asked once the copy is made
   * @throws IOException if it was written to meanwhile, or cannot be copied: then nothing stays
   */
  public static StillCopy make(
      FileSystem files, Path from, Path to, Path checkpoint, BooleanSupplier same)
      throws IOException {
    files.deleteTree(to);
    try {
      Object before = FolderContents.stamp(checkpoint);
      new FolderCopy(files, ProgramFormat.CP).copy(from, to, name -> false);
      FolderContents.requireStill(checkpoint, before, to.resolve(from.relativize(checkpoint)));
      if (!same.getAsBoolean()) {
        throw new IOException(checkpoint + " was replaced before it could be copied");
      }
      return new StillCopy(files, to, new FolderContents(files, to).store());
    } catch (IOException | RuntimeException refused) {
      files.deleteTree(to);
      throw refused;
    }
  }

  /** Gives all of it second names below another folder, durably; says what that holds. */
  Map<String, Manifest.Stored> publish(Path to, String cp) throws IOException {
    FolderContents contents = new FolderContents(files, to);
    if (!new FolderCopy(files, cp).link(folder, to, name -> false)) {
      return contents.store();
    }
    contents.storeFolders();
    return stored;
  }

  /** Bytes of all its files. */
  public long bytes() {
    return stored.values().stream().mapToLong(Manifest.Stored::bytes).sum();
  }

  /** Takes these names away; what was published has others. */
  public void remove() throws IOException {
    if (Files.exists(folder)) {
      files.deleteTree(folder);
    }
  }
}
