package dev.sweeprunner.program;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.evidence.Places;
import dev.sweeprunner.program.state.Mode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one claim's program, absolute.
 *
 * @param working where it starts
 * @param out its {@code OUT_DIR}
 * @param parameters where its parameter files lie
 * @param metrics where it may append rows
 * @param mode whose {@code out} is
 */
record Folders(Path working, Path out, Path parameters, Path metrics, Mode mode) {
  /**
   * The folders of a claim.
   *
   * @param pipeline whether the run's folder itself is the program's, as it is the earlier runner's
   * @param working where it starts, or null for a folder of the run's own
   */
  static Folders of(
      Layout layout, RunKey key, int epoch, Mode mode, boolean pipeline, @Nullable Path working) {
    Path shared = pipeline ? layout.run(key) : layout.work(key);
    return new Folders(
        working == null ? layout.programCwd(key) : working,
        mode == Mode.COPY ? layout.work(key, epoch) : shared,
        layout.meta(key, epoch),
        layout.programMetrics(key, epoch),
        mode);
  }

  Places places() {
    return new Places(out, working);
  }
}
