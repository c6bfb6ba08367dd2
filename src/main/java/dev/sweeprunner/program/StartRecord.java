package dev.sweeprunner.program;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.program.launch.Launch;
import dev.sweeprunner.program.launch.LaunchOrder;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Secrets;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a claim's program was run: {@code meta/{epoch}/program.json}; and how the first one of its
 * group was, {@code {group}/.program.json}, so that a user learns where points were made by
 * different programs. For people; nothing rests on it.
 */
final class StartRecord {
  private static final int VERSION = 1;

  private final ProgramSite site;

  StartRecord(ProgramSite site) {
    this.site = site;
  }

  /** Writes both, and tells where this start differs from the first one. */
  void write(ClaimedRun run, LaunchOrder.Call call, Launch.Start start, Consumer<String> notices)
      throws IOException {
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    own.put("v", VERSION);
    own.put("argv", Secrets.hidden(start.argv()));
    own.put("cwd", start.folder().toString());
    own.put("environment", added(start.environment()));
    own.putAll(identity(call, start.folder()));
    Layout layout = site.layout();
    Path file = layout.program(run.point().key(), run.claim().epoch());
    site.files().delete(file);
    try (FileSystem.Appender out = site.files().openAppender(file)) {
      out.append(Json.document(own));
    }
    compare(layout.firstProgram(run.point().key()), identity(call, start.folder()), notices);
  }

  /** What is the same for all points. */
  private static Map<String, @Nullable Object> identity(LaunchOrder.Call call, Path folder) {
    Map<String, @Nullable Object> identity = new LinkedHashMap<>();
    identity.put("program", call.program());
    List<String> command = call.command();
    identity.put("command", command == null ? null : Secrets.hidden(command));
    identity.put("interpreter", call.interpreter());
    identity.put("program_sha256", hash(call.program(), folder));
    return identity;
  }

  private static @Nullable String hash(@Nullable String program, Path folder) {
    try {
      return program == null ? null : Sha256.of(Files.readAllBytes(folder.resolve(program)));
    } catch (IOException | RuntimeException noFile) {
      return null;
    }
  }

  /** What the program sees and the worker does not. */
  private Map<String, String> added(Map<String, String> environment) {
    Map<String, String> added = new TreeMap<>(environment);
    added.entrySet().removeIf(e -> e.getValue().equals(site.environment().get(e.getKey())));
    added.replaceAll(Secrets::hidden);
    return added;
  }

  private void compare(Path first, Map<String, @Nullable Object> own, Consumer<String> notices)
      throws IOException {
    byte[] mine = Json.document(own);
    if (!Files.exists(first)) {
      try {
        site.files().create(first, mine);
        return;
      } catch (FileAlreadyExistsException there) {
        // compared below
      }
    }
    try {
      Map<String, @Nullable Object> theirs = Fields.of(site.files().read(first)).members();
      Map<String, @Nullable Object> ours = Fields.of(mine).members();
      for (String name : ours.keySet()) {
        if (!Objects.equals(theirs.get(name), ours.get(name))) {
          notices.accept(
              "the first run of this group was made with another "
                  + name.replace("program_sha256", "text of the program")
                  + " ("
                  + first
                  + " has it)");
        }
      }
    } catch (UnreadableJson torn) {
      // Somebody died while writing it; it is for people only.
    }
  }
}
