package dev.sweeprunner.relay.files;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.relay.files.Addresses.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run's files below {@code files/} of one folder, its artifacts below {@code artifacts/}. What
 * was taken is there, fsynced, before the client hears of it; a kill leaves at most a file with a
 * passing name, which the next store removes.
 */
public final class StoredFiles implements ProgramFiles {
  private final Path folder;
  private final Bounds bounds;
  private final Said said;
  private final Addresses addresses;
  private final Intake intake;
  private final Artifacts artifacts;

  StoredFiles(Path folder, List<Path> earlier, StorePorts ports, Bounds bounds) {
    this.folder = folder;
    this.bounds = bounds;
    this.said = new Said(ports.said());
    this.addresses = new Addresses(ports.address(), ports.chance());
    List<Path> folders = new ArrayList<>(List.of(folder));
    folders.addAll(earlier);
    this.intake = new Intake(ports.disk(), folders, ports.chance(), bounds, said);
    this.artifacts = new Artifacts(ports.disk(), folders, addresses, bounds, said);
  }

  /**
   * A store; nothing is read or written yet.
   *
   * @param folder what {@code Layout.tracked} says, or a side run's
   * @param earlier the same of dead claims of the run, see {@link #earlier}: their artifacts are
   *     known here too
   */
  public static ProgramFiles of(Path folder, List<Path> earlier, StorePorts ports) {
    return new StoredFiles(folder, earlier, ports, Bounds.USUAL);
  }

  /** The folders of this run's claims before that of {@code epoch}, newest first. */
  public static List<Path> earlier(FileSystem disk, Layout layout, RunKey key, int epoch)
      throws IOException {
    try {
      return disk.list(layout.metas(key)).stream()
          .filter(name -> name.matches("\\d{1,9}"))
          .map(Integer::valueOf)
          .filter(before -> before < epoch)
          .sorted((a, b) -> b - a)
          .map(before -> layout.tracked(key, before))
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  @Override
  public Optional<Map<String, @Nullable Object>> answer(
      String operation, Map<String, @Nullable Object> variables) throws IOException {
    if (operation.equals("CreateRunFiles")) {
      return Optional.of(createRunFiles(variables));
    }
    return artifacts.answer(operation, variables);
  }

  @Override
  public boolean put(String path, InputStream body, long length) throws IOException {
    Target target = addresses.at(path);
    return target != null && target.most() != Target.NOTHING && intake.take(target, body, length);
  }

  @Override
  public Optional<InputStream> get(String path) throws IOException {
    Target target = addresses.at(path);
    try {
      return target == null ? Optional.empty() : Optional.of(Files.newInputStream(target.file()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Names that are refused are left out: the client goes on without them. */
  private Map<String, @Nullable Object> createRunFiles(Map<String, @Nullable Object> variables) {
    List<Map<String, String>> given = new ArrayList<>();
    if (variables.get("files") instanceof List<?> names) {
      for (Object name : names) {
        String text = String.valueOf(name);
        String fault = FileNames.fault(text);
        if (fault == null) {
          Path file = Layout.trackedFiles(folder).resolve(text);
          String url = addresses.give(new Target(file, text, bounds.perFile()));
          given.add(Map.of("name", text, "uploadUrl", url));
        } else {
          said.say("The file " + Intake.shown(text) + " was not kept: its name " + fault);
        }
      }
    }
    return Map.of(
        "createRunFiles",
        Map.of(
            "runID",
            String.valueOf(variables.get("run")),
            "uploadHeaders",
            List.of(),
            "files",
            given));
  }
}
