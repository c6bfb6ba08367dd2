package dev.sweeprunner.relay.files;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that uploads may go to. Each is drawn for one file of one request; whoever has it
 * may write that file, as often as a lost answer makes it try again. Beyond a bound the oldest
 * lapse. Any thread.
 */
final class Addresses {
  private static final int MOST = 100_000;

  private final String prefix;
  private final Supplier<String> chance;
  private final Map<String, Target> targets =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Target> eldest) {
          return size() > MOST;
        }
      };

  Addresses(String prefix, Supplier<String> chance) {
    this.prefix = prefix;
    this.chance = chance;
  }

  /** A URL at which this file may be put. */
  synchronized String give(Target target) {
    String secret = chance.get();
    targets.put(secret, target);
    return prefix + "/" + secret;
  }

  /** What may be put at a path, or null where no such address was given out. */
  synchronized @Nullable Target at(String path) {
    return targets.get(path.startsWith("/") ? path.substring(1) : path);
  }

  /**
   * Where an upload goes.
   *
   * @param name what the program calls it
   * @param most bytes that it may have, or {@link #NOTHING} where it may only be read
   */
  record Target(Path file, String name, long most) {
    static final long NOTHING = -1;
  }
}
