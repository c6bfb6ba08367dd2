package dev.sweeprunner.files;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that the processes of one user share on one host: one asks, the others read. A JSON file
 * each, with a version and the time of the answer. A folder that another user made is not believed.
 *
 * <p>Nothing here throws: what cannot be read was not kept, and what cannot be written costs the
 * next process a question. Any thread, any number of processes.
 */
public final class HostAnswers {
  private static final int VERSION = 1;

  private final FileSystem files;
  private final Path folder;
  private final Supplier<Instant> clock;

  /**
   * The answers in this folder.
   *
   * @param folder local to the host, this user's own; made when the first answer is kept
   * @param clock of the host
   */
  public HostAnswers(FileSystem files, Path folder, Supplier<Instant> clock) {
    this.files = files;
    this.folder = folder;
    this.clock = clock;
  }

  /** What {@code reading} makes of the answer of this name. */
  public <T> Optional<T> find(String name, Reading<T> reading) {
    try {
      if (!Files.getOwner(folder).equals(Files.getOwner(Path.of("/proc/self")))) {
        return Optional.empty();
      }
      Fields in = Fields.of(files.read(folder.resolve(name)));
      Duration age = Duration.between(Instant.parse(in.text("at")), clock.get());
      return in.number("v") != VERSION || age.isNegative()
          ? Optional.empty()
          : Optional.ofNullable(reading.of(in, age));
    } catch (IOException | UnreadableJson | RuntimeException none) {
      return Optional.empty();
    }
  }

  /**
   * Keeps an answer for the others.
   *
   * @param at when it was asked for
   */
  public void keep(String name, Instant at, Map<String, Object> answer) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("v", VERSION);
    members.put("at", at);
    members.putAll(answer);
    try {
      files.makeFolders(folder);
      files.replace(folder.resolve(name), Json.bytes(members));
    } catch (IOException lost) {
      // See above.
    }
  }

  /** Understands an answer. */
  @FunctionalInterface
  public interface Reading<T> {
    /** The answer, or null where it is too old or another question's. */
    @Nullable T of(Fields answer, Duration age) throws UnreadableJson;
  }
}
