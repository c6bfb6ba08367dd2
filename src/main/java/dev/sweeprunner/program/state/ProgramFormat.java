package dev.sweeprunner.program.state;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.IoReason;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.SnapshotFormat;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A program's published states. In mode shared the folder holds {@code manifest.json} alone, which
 * says how far the program was: its state lies where the program keeps it. In mode copy {@code
 * work/} is a copy of the program's folder as it was, and the manifest has the size and SHA-256 of
 * each of its files.
 *
 * <p>All files are hashed, large ones too: a copy by reference is free, but hashing reads it once,
 * about a second per GB, beside the program, which goes on; at a start the program reads the same
 * bytes right after. A checkpoint that is written to while it is copied is refused with an {@link
 * IOException}, and nothing is published.
 *
 * <p>A kill leaves a part of a folder that nobody names. Belongs to one thread at a time.
 */
public final class ProgramFormat implements SnapshotFormat {
  static final String CP = "cp";
  private static final String WORK = "work";

  private final FileSystem files;
  private final List<PathMatcher> exclude;
  private final Trace trace;
  private final String cp;
  private final LongConsumer written;

  /**
   * The format over these files.
   *
   * @param exclude globs over the names at the top of the program's folder that belong to no state
   * @param trace reaches {@code stage.weights} once the copy is made
   */
  public ProgramFormat(FileSystem files, List<String> exclude, Trace trace) {
    this(files, exclude, trace, bytes -> {});
  }

  /**
   * As above.
   *
   * @param written told the bytes of each state that was written
   */
  public ProgramFormat(FileSystem files, List<String> exclude, Trace trace, LongConsumer written) {
    this(files, exclude, trace, CP, written);
  }

  /** As above, with another command in place of {@code cp}. */
  ProgramFormat(FileSystem files, List<String> exclude, Trace trace, String cp) {
    this(files, exclude, trace, cp, bytes -> {});
  }

  private ProgramFormat(
      FileSystem files, List<String> exclude, Trace trace, String cp, LongConsumer written) {
    this.written = written;
    this.files = files;
    this.exclude = exclude.stream().map(ProgramFormat::names).toList();
    this.trace = trace;
    this.cp = cp;
  }

  @Override
  public Written write(Path folder, Snapshot snapshot, int epoch, boolean permanent)
      throws IOException {
    ProgramState state = (ProgramState) snapshot;
    Map<String, Manifest.Stored> stored =
        state.mode() == Mode.COPY ? copy(state, folder.resolve(WORK)) : Map.of();
    trace.reach("stage.weights");
    byte[] manifest = new Manifest(state, epoch, permanent, stored).json();
    files.create(folder.resolve(Manifest.NAME), manifest);
    files.syncFolder(folder);
    long bytes = manifest.length;
    for (Manifest.Stored file : stored.values()) {
      bytes += file.bytes();
    }
    written.accept(bytes);
    return new Written(Sha256.of(manifest), bytes);
  }

  /**
   * {@inheritDoc}
   *
   * <p>In mode shared only the manifest is checked: the program's own files have moved on since.
   */
  @Override
  public Snapshot read(Path folder, String manifestSha256) throws IOException, DamagedCheckpoint {
    return checked(folder, manifestSha256).state();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Nothing of a program's state is droppable.
   */
  @Override
  public long check(Path folder, String manifestSha256, boolean pruned)
      throws IOException, DamagedCheckpoint {
    return checked(folder, manifestSha256).state().iter();
  }

  private Manifest checked(Path folder, String manifestSha256)
      throws IOException, DamagedCheckpoint {
    Path file = folder.resolve(Manifest.NAME);
    byte[] json = bytes(file);
    String found = Sha256.of(json);
    if (!found.equals(manifestSha256)) {
      throw new DamagedCheckpoint(
          file + " has SHA-256 " + found + ", but " + manifestSha256 + " was published.");
    }
    try {
      Fields root = Fields.of(json);
      refuseNewer(root, file);
      Path work = folder.resolve(WORK);
      Manifest manifest = Manifest.read(root, work);
      new FolderContents(files, work).check(manifest.files());
      return manifest;
    } catch (UnreadableJson e) {
      throw new DamagedCheckpoint(file + " is not as written: " + e.getMessage() + ".");
    }
  }

  @Override
  public @Nullable String manifestSha256(Path folder) throws IOException {
    try {
      return Sha256.of(files.read(folder.resolve(Manifest.NAME)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Nothing: which of a program's files are its weights is not known. */
  @Override
  public List<String> droppable() {
    return List.of();
  }

  private Map<String, Manifest.Stored> copy(ProgramState state, Path work) throws IOException {
    if (state.copy() != null) {
      return state.copy().publish(work, cp);
    }
    Path from = Objects.requireNonNull(state.folder(), "the program's folder");
    Path checkpoint = from.resolve(state.seen().path());
    FolderCopy copy = new FolderCopy(files, cp);
    if (state.exit() != null) {
      copy.link(from, work, excluded());
    } else {
      Object before = FolderContents.stamp(checkpoint);
      copy.copy(from, work, excluded());
      if (!state.seen().path().isEmpty()) {
        FolderContents.requireStill(checkpoint, before, work.resolve(state.seen().path()));
      }
    }
    return new FolderContents(files, work).store();
  }

  private static PathMatcher names(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw new UserError(glob, "is no pattern of names", "Write names with * and ?", e);
    }
  }

  private Predicate<String> excluded() {
    return name -> exclude.stream().anyMatch(glob -> glob.matches(Path.of(name)));
  }

  private byte[] bytes(Path file) throws IOException, DamagedCheckpoint {
    try {
      return files.read(file);
    } catch (IOException e) {
      if (IoReason.noFile(file, e)) {
        throw new DamagedCheckpoint(file + " is missing.");
      }
      throw e;
    }
  }

  private static void refuseNewer(Fields root, Path file) throws UnreadableJson {
    long version = root.number("v");
    if (version > Manifest.VERSION) {
      throw new UserError(
          file.toString(),
          "was written by a newer version of this program (v " + version + ")",
          "Use that version for this run");
    }
  }
}
