package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one listing of a lock folder shows, by names alone.
 *
 * @param slots numbers of the records, ascending
 * @param beats names of beats
 * @param temps names of unfinished records
 * @param strangers names that the protocol does not give
 */
record Contents(
    List<Integer> slots, List<String> beats, List<String> temps, List<String> strangers) {
  private static final String BEAT_PREFIX = "hb.";
  private static final String SLOT_SUFFIX = ".json";
  private static final int DIGITS = 8;

  /** Sorts names; the leavings of an NFS client ({@code .nfs…}) count for nothing. */
  static Contents of(List<String> names) {
    Contents contents =
        new Contents(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (String name : names) {
      int slot = slotOf(name);
      if (slot > 0) {
        contents.slots.add(slot);
      } else if (name.startsWith(BEAT_PREFIX)) {
        contents.beats.add(name);
      } else if (name.startsWith(FileSystem.TEMP_PREFIX)) {
        contents.temps.add(name);
      } else if (!name.startsWith(".nfs")) {
        contents.strangers.add(name);
      }
    }
    Collections.sort(contents.slots);
    Collections.sort(contents.temps);
    Collections.sort(contents.strangers);
    return contents;
  }

  /** The newest slot, or 0. */
  int newest() {
    return slots.isEmpty() ? 0 : slots.get(slots.size() - 1);
  }

  static String slotName(int slot) {
    return digits(slot) + SLOT_SUFFIX;
  }

  static String beatName(int epoch) {
    return BEAT_PREFIX + digits(epoch);
  }

  private static String digits(int slot) {
    String digits = Integer.toString(slot);
    return "0".repeat(DIGITS - digits.length()) + digits;
  }

  private static int slotOf(String name) {
    if (name.length() != DIGITS + SLOT_SUFFIX.length() || !name.endsWith(SLOT_SUFFIX)) {
      return 0;
    }
    int slot = 0;
    for (int i = 0; i < DIGITS; i++) {
      char digit = name.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      slot = slot * 10 + (digit - '0');
    }
    return slot;
  }
}
