package dev.sweeprunner.claim;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.problem.Obstacle;
import dev.sweeprunner.run.ClaimState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether this user may write where a run lives. A root is often shared by users of a group, and
 * the folders that one of them made with another umask are nobody's fault but theirs: such a run is
 * passed by. Looks only; any thread.
 */
final class Rights {
  /** How long a group's folder counts as open: all fresh points of a sweep are in it. */
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final ClaimSite site;
  private final FileSystem files;
  private final Map<Path, Long> open = new ConcurrentHashMap<>();

  Rights(ClaimSite site) {
    this.site = site;
    this.files = site.files();
  }

  /** What keeps this user from claiming this run, or null. */
  @Nullable Obstacle obstacle(RunKey key, ClaimState state) {
    Path run = site.layout().run(key);
    if (state instanceof ClaimState.Unclaimed) {
      return ofGroup(Objects.requireNonNull(run.getParent()));
    }
    Obstacle lock = files.obstacle(site.layout().lock(key));
    return lock == null ? files.obstacle(run) : lock;
  }

  private @Nullable Obstacle ofGroup(Path folder) {
    long now = site.around().clock().nanos();
    Long seen = open.get(folder);
    if (seen != null && now - seen < REMEMBERED.toNanos()) {
      return null;
    }
    Obstacle obstacle = files.obstacle(folder);
    if (obstacle == null) {
      open.put(folder, now);
    }
    return obstacle;
  }

  /** Whether a small file can be written beside the lock folders of this project. */
  boolean usable(String project) {
    Path probe = site.layout().locks(project).resolve(FileSystem.TEMP_PREFIX + UUID.randomUUID());
    try {
      files.create(probe, new byte[] {'\n'});
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      drop(probe);
    }
  }

  private void drop(Path probe) {
    try {
      files.delete(probe);
    } catch (IOException e) {
      // The janitor removes it.
    }
  }
}
