package dev.sweeprunner.relay.files;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.relay.files.Addresses.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes uploads as they come: into a file with a passing name, which is renamed once it is whole.
 * Whatever cuts it off, the file that was there before stays. Any thread.
 */
final class Intake {
  private static final int CHUNK = 1 << 16;

  /** How uploads that are under way begin. */
  private static final String PASSING = FileSystem.TEMP_PREFIX + "upload-";

  private final FileSystem disk;
  private final List<Path> folders;
  private final Supplier<String> chance;
  private final Bounds bounds;
  private final Said said;
  private long held = -1;

  /**
   * An intake below one folder.
   *
   * @param folders all that lies below the first counts as the run's; the others are those of dead
   *     claims, whose unfinished uploads are removed
   */
  Intake(FileSystem disk, List<Path> folders, Supplier<String> chance, Bounds bounds, Said said) {
    this.disk = disk;
    this.folders = List.copyOf(folders);
    this.chance = chance;
    this.bounds = bounds;
    this.said = said;
  }

  /**
   * Takes a body.
   *
   * @return false where it is too large; nothing of it stays
   */
  boolean take(Target target, InputStream body, long length) throws IOException {
    try {
      roomFor(target, Math.max(0, length), Math.max(0, length));
    } catch (RelayRefusal refusal) {
      return false;
    }
    Path place = target.file();
    Path parent = place.toAbsolutePath().resolveSibling("");
    disk.makeFolders(parent);
    Path passing = parent.resolve(PASSING + chance.get());
    try {
      disk.create(passing, out -> copy(target, body, length, out));
    } catch (RelayRefusal refusal) {
      return false;
    }
    put(passing, place);
    return true;
  }

  private void put(Path passing, Path place) throws IOException {
    long size = Files.size(passing);
    long before = size(place);
    try {
      disk.rename(passing, place);
    } catch (IOException e) {
      disk.delete(passing);
      throw e;
    }
    disk.syncFolder(place.toAbsolutePath().resolveSibling(""));
    count(size - before);
  }

  private void copy(Target target, InputStream body, long length, OutputStream out)
      throws IOException {
    byte[] chunk = new byte[CHUNK];
    long taken = 0;
    long looked = 0;
    for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
      taken += read;
      if (taken > target.most() || taken - looked >= bounds.look()) {
        roomFor(target, taken, read);
        looked = taken;
      }
      out.write(chunk, 0, read);
    }
    if (length >= 0 && taken != length) {
      throw new IOException("only " + taken + " of " + length + " bytes came");
    }
  }

  /**
   * Says why there is no room, and throws.
   *
   * @param bytes of the file
   * @param more of these, not written yet
   */
  private void roomFor(Target target, long bytes, long more) throws IOException {
    String why = null;
    if (bytes > target.most()) {
      why = "is larger than " + inWords(target.most());
    } else if (held() + bytes > bounds.perRun()) {
      why = "would make the files of this run more than " + inWords(bounds.perRun());
    } else if (disk.freeBytes(nearest()) - more < bounds.reserve()) {
      why = "would leave less than " + inWords(bounds.reserve()) + " on the disk";
    }
    if (why != null) {
      String sentence = "The file " + shown(target.name()) + " " + why + " and was not kept";
      said.say(sentence);
      throw new RelayRefusal(sentence);
    }
  }

  static String shown(String name) {
    String line = name.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }

  private static String inWords(long bytes) {
    return bytes >= Bounds.GB ? bytes / Bounds.GB + " GB" : bytes + " bytes";
  }

  private Path nearest() {
    Path nearest = folders.get(0).toAbsolutePath();
    while (!Files.exists(nearest) && nearest.getParent() != null) {
      nearest = nearest.getParent();
    }
    return nearest;
  }

  private synchronized long held() throws IOException {
    if (held < 0) {
      for (Path folder : folders) {
        sweep(folder, folder.equals(folders.get(0)) ? PASSING : FileSystem.TEMP_PREFIX);
      }
      held = 0;
      for (Path file : below(folders.get(0))) {
        held += size(file);
      }
    }
    return held;
  }

  /**
   * Nobody who began an upload before this store was opened will end it. What the book and the
   * shelf are writing into this claim's folder now is called otherwise.
   */
  private void sweep(Path folder, String prefix) throws IOException {
    for (Path file : below(folder)) {
      if (String.valueOf(file.getFileName()).startsWith(prefix)) {
        disk.delete(file);
      }
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private synchronized void count(long more) {
    held += more;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }
}
