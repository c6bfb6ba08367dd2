package dev.sweeprunner.program;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.evidence.Places;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one claim's program, absolute.
 *
 * @param working where it starts
 * @param out its {@code OUT_DIR}
 * @param parameters where its parameter files lie
 * @param metrics where it may append rows
 */
record Folders(Path working, Path out, Path parameters, Path metrics) {
  /**
   * The folders of a claim.
   *
   * @param copy whether the claim works in a folder of its own
   * @param pipeline whether the run's folder itself is the program's, as it is the earlier runner's
   * @param working where it starts, or null for a folder of the run's own
   */
  static Folders of(
      Layout layout,
      RunKey key,
      int epoch,
      boolean copy,
      boolean pipeline,
      @Nullable Path working) {
    Path shared = pipeline ? layout.run(key) : layout.work(key);
    return new Folders(
        working == null ? layout.programCwd(key) : working,
        copy ? layout.work(key, epoch) : shared,
        layout.meta(key, epoch),
        layout.programMetrics(key, epoch));
  }

  Places places() {
    return new Places(out, working);
  }
}
