package dev.sweeprunner.relay.rows;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.layout.SideRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the claims of a run keep what their clients tell of it, or of a run beside it.
 *
 * @param beside the name of that one; null for the run itself
 */
record Places(Layout layout, RunKey key, @Nullable String beside) {
  /** Those of the run itself. */
  static Places of(Layout layout, RunKey key) {
    return new Places(layout, key, null);
  }

  /** What a claim's client has told besides rows. */
  Path tracked(int epoch) {
    Path claim = layout.tracked(key, epoch);
    return beside == null ? claim : SideRuns.folder(claim, beside);
  }

  /** A claim's rows. */
  Path rows(int epoch) {
    return beside == null ? layout.loggedRows(key, epoch) : SideRuns.rows(tracked(epoch));
  }

  /** Rows of which it is not known yet what step they get. */
  Path held(int epoch) {
    return beside == null ? layout.heldRows(key, epoch) : SideRuns.held(tracked(epoch));
  }

  /** The claims before this one that may have kept something, oldest first. */
  List<Integer> before(FileSystem files, int epoch) throws IOException {
    Path claims = beside == null ? layout.epochs(key) : layout.metas(key);
    return claims(files, claims).stream()
        .filter(claim -> claim < epoch && (beside == null || Files.isDirectory(tracked(claim))))
        .toList();
  }

  /** Claims that have a folder below this one, oldest first. */
  static List<Integer> claims(FileSystem files, Path folder) throws IOException {
    try {
      return files.list(folder).stream()
          .filter(name -> name.matches("[1-9][0-9]{0,8}"))
          .map(Integer::valueOf)
          .sorted()
          .toList();
    } catch (NoSuchFileException none) {
      return List.of(); // nobody has kept anything
    }
  }
}
