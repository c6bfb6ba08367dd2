package dev.sweeprunner.claim;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one listing of a project's lock directory shows, by names alone.
 *
 * @param locked run ids that have a lock folder
 * @param ended those of them with a hint that their log has ended
 * @param stale run ids of hints whose lock folder is gone
 * @param temps names of unfinished files
 */
record LockNames(Set<String> locked, Set<String> ended, Set<String> stale, List<String> temps) {
  /** What the earlier runner's locks have before the suffix. */
  private static final String RESUME = ".resume";

  /** Sorts names. */
  static LockNames of(List<String> names) {
    Set<String> locked = new HashSet<>();
    Set<String> hinted = new HashSet<>();
    List<String> temps = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(Layout.DONE_SUFFIX)) {
        hinted.add(cut(name, Layout.DONE_SUFFIX));
      } else if (name.endsWith(Layout.LOCK_SUFFIX) && !name.endsWith(RESUME + Layout.LOCK_SUFFIX)) {
        locked.add(cut(name, Layout.LOCK_SUFFIX));
      } else if (name.startsWith(FileSystem.TEMP_PREFIX)) {
        temps.add(name);
      }
    }
    Set<String> stale = new HashSet<>(hinted);
    stale.removeAll(locked);
    hinted.retainAll(locked);
    return new LockNames(locked, hinted, stale, temps);
  }

  private static String cut(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }
}
