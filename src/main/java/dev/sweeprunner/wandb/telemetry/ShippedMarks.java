package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What W&amp;B has of a run's files, artifacts and alerts, a line each: written once it has it. A
 * line that a kill cut short is as if it had never been, and so the file is sent again. Belongs to
 * one thread; others may have marks of their own in the same file.
 */
final class ShippedMarks {
  private static final String WHAT = "shipped";
  private static final String ID = "id";
  private static final String FORGET = "forget";
  private static final String OF = "of";

  private final FileSystem files;
  private final Path file;
  private final String prefix;
  private final Map<String, String> marks = new LinkedHashMap<>();
  private boolean read;
  private boolean torn;

  /**
   * Marks in a file that those of several runs share.
   *
   * @param prefix before each of these; empty for the run itself, which knows all of them
   */
  ShippedMarks(FileSystem files, Path file, String prefix) {
    this.files = files;
    this.file = file;
    this.prefix = prefix;
  }

  /** Whether W&amp;B has it. */
  boolean has(String what) throws IOException {
    read();
    return marks.containsKey(prefix + what);
  }

  /** W&amp;B's id of something that begins so, or null. */
  @Nullable String id(String start) throws IOException {
    read();
    String own = found(prefix + start);
    return own == null ? found(start) : own; // or the run has it beside which this one lies
  }

  private @Nullable String found(String start) {
    return marks.entrySet().stream()
        .filter(mark -> mark.getKey().startsWith(start) && !mark.getValue().isEmpty())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /**
   * W&amp;B has it now.
   *
   * @param id W&amp;B's, or empty
   */
  void add(String what, String id) throws IOException {
    read();
    append(Map.of(WHAT, prefix + what, ID, id));
    marks.put(prefix + what, id);
  }

  /** W&amp;B has nothing of it. What people were told they have been told. */
  void forget() throws IOException {
    read();
    if (forgotten(prefix)) {
      append(Map.of(FORGET, true, OF, prefix));
    }
  }

  private boolean forgotten(String of) {
    return marks.keySet().removeIf(mark -> mark.startsWith(of) && !isOfAlert(mark));
  }

  /** Of the run itself, or of one beside it, whose name comes first. */
  private static boolean isOfAlert(String mark) {
    return mark.startsWith(Cargo.Alert.START)
        || mark.startsWith(Cargo.Alert.START, mark.indexOf(' ') + 1);
  }

  private void append(Map<String, ?> line) throws IOException {
    files.makeFolders(file.resolveSibling(""));
    try (FileSystem.Appender appender = files.openAppender(file)) {
      if (torn) {
        appender.append("\n".getBytes(StandardCharsets.UTF_8));
        torn = false;
      }
      appender.append(Json.bytes(line));
    }
  }

  private void read() throws IOException {
    if (read) {
      return;
    }
    String text = text();
    torn = !text.isEmpty() && !text.endsWith("\n");
    for (String line : text.split("\n")) {
      try {
        Fields fields = Fields.of(line.getBytes(StandardCharsets.UTF_8));
        if (fields.flag(FORGET)) {
          forgotten(fields.textOr(OF, ""));
        } else {
          marks.put(fields.text(WHAT), fields.textOr(ID, ""));
        }
      } catch (UnreadableJson cutShort) {
        continue;
      }
    }
    read = true;
  }

  private String text() throws IOException {
    try {
      return new String(files.read(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException none) {
      return "";
    }
  }
}
