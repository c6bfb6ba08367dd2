package dev.sweeprunner.relay.rows;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.SideRuns;
import dev.sweeprunner.run.Relay;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a claim notes of a run beside its own so that heirs, and whoever passes it on, know it:
 * {@code start.json} when it is opened, {@code end.json} while its client has said goodbye. Guarded
 * by its book.
 */
final class SideNotes {
  private final FileSystem files;
  private final Path folder;
  private final Start start;
  private boolean begun;
  private boolean ended;

  /** Notes in a folder that need not be there yet. */
  SideNotes(FileSystem files, Path folder, Start start) {
    this.files = files;
    this.folder = folder;
    this.start = start;
  }

  /**
   * How it was opened.
   *
   * @param after the step behind which nothing counts that earlier claims kept; null where the rows
   *     of both are merged
   * @param newest step of the claim's run then, or -1
   */
  record Start(SideBooks.Known run, @Nullable Long after, long newest) {
    static Start of(SideBooks.Known run, Relay.Base base, long newest) {
      Long after =
          base instanceof Relay.Base.At at
              ? (Long) at.step()
              : base instanceof Relay.Base.Fresh ? (Long) (-1L) : null;
      return new Start(run, after, newest);
    }

    /** As it was noted in a folder; empty where nothing was, or it cannot be read. */
    static Optional<Start> in(FileSystem files, Path folder, int number) throws IOException {
      try {
        Fields start = Fields.of(files.read(SideRuns.start(folder)));
        boolean merged = !start.members().containsKey("after");
        return Optional.of(
            new Start(
                new SideBooks.Known(number, start.text("asked"), start.flag("rank")),
                merged ? null : (Long) start.number("after"),
                start.number("newest")));
      } catch (NoSuchFileException | UnreadableJson never) {
        return Optional.empty();
      }
    }

    private byte[] json() {
      Map<String, Object> root = new LinkedHashMap<>();
      root.put("v", 1);
      root.put("asked", run.asked());
      root.put("rank", run.rank());
      if (after != null) {
        root.put("after", after);
      }
      root.put("newest", newest);
      return Json.bytes(root);
    }
  }

  /** A client has opened it. */
  void begun() throws IOException {
    if (!begun) {
      files.makeFolders(folder);
      files.replace(SideRuns.start(folder), start.json());
      begun = true;
    }
  }

  /** Its client has said goodbye. */
  void ended(int exitCode) throws IOException {
    files.makeFolders(folder);
    files.replace(SideRuns.end(folder), Json.bytes(Map.of("v", 1, "exit", exitCode)));
    ended = true;
  }

  /** Another client goes on. */
  void goesOn() throws IOException {
    if (ended) {
      files.delete(SideRuns.end(folder));
      ended = false;
    }
  }
}
