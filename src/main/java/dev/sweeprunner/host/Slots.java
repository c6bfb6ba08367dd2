package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.run.Owner;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Numbered slots of one name in a folder, of which the highest names the holder. One process alone
 * can make a slot; the highest is never removed, so no two can both be highest. Any thread.
 *
 * @param prefix what stands before the number
 * @param self who takes slots
 */
record Slots(FileSystem files, Path folder, String prefix, Owner self) {
  private static final int DIGITS = 8;

  /** The highest slot, or 0. */
  int highest() throws IOException {
    int highest = 0;
    try {
      for (String entry : files.list(folder)) {
        highest = Math.max(highest, entry.length() == length() ? slot(entry) : 0);
      }
    } catch (NoSuchFileException nobodyYet) {
      return 0;
    }
    return highest;
  }

  /** Who made a slot; empty where that cannot be read. */
  Optional<Owner> holder(int slot) throws IOException {
    return owned().owner(file(slot));
  }

  /** Makes a slot; says whether this process did. */
  boolean take(int slot) throws IOException {
    return owned().make(file(slot));
  }

  private OwnedFiles owned() {
    return new OwnedFiles(files, self);
  }

  /** Removes lower slots, and what stands beside them. */
  void forgetBelow(int slot) throws IOException {
    for (String entry : files.list(folder)) {
      int other = slot(entry);
      if (other > 0 && other < slot) {
        files.delete(folder.resolve(entry));
      }
    }
  }

  /** Where a slot lies; what begins with this name belongs to it. */
  Path file(int slot) {
    return folder.resolve(prefix + String.format(Locale.ROOT, "%0" + DIGITS + "d", slot));
  }

  private int length() {
    return prefix.length() + DIGITS;
  }

  private int slot(String entry) {
    boolean ours = entry.startsWith(prefix) && entry.length() >= length();
    String number = ours ? entry.substring(prefix.length(), length()) : "";
    return number.matches("[0-9]+") ? Integer.parseInt(number) : 0;
  }
}
