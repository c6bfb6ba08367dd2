package dev.sweeprunner.wandb;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.Deliveries;
import dev.sweeprunner.wandb.telemetry.Sync;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The projects that {@code sync} goes through: those of the sweeps given, else all there are. */
final class ProjectDeliveries implements Deliveries {
  private final List<String> projects;
  private final Waiting waiting;
  private final Function<String, Sync> open;
  private final Map<String, Sync> opened = new LinkedHashMap<>();

  private ProjectDeliveries(List<String> projects, Waiting waiting, Function<String, Sync> open) {
    this.projects = projects;
    this.waiting = waiting;
    this.open = open;
  }

  /** Lists the runs of a project that have something to tell. */
  interface Waiting {
    List<String> in(String project) throws IOException;
  }

  /**
   * Those of these sweeps, or all under the storage root where none is given.
   *
   * @param open called for a project of which something is to be sent; needs a key
   */
  static ProjectDeliveries of(
      List<Points> sweeps,
      FileSystem files,
      Layout layout,
      Waiting waiting,
      Function<String, Sync> open) {
    List<String> named = sweeps.stream().map(Points::projectSlug).distinct().toList();
    return new ProjectDeliveries(named.isEmpty() ? all(files, layout) : named, waiting, open);
  }

  private static List<String> all(FileSystem files, Layout layout) {
    try {
      List<String> projects = new ArrayList<>(files.list(layout.out()));
      projects.removeIf(name -> name.startsWith("."));
      projects.sort(null);
      return projects;
    } catch (NoSuchFileException absent) {
      throw new UserError(
          layout.root().toString(),
          "nothing was trained there: it has no folder out/",
          "Name the storage root with --storage");
    } catch (IOException e) {
      throw new UserError(
          layout.out().toString(),
          "it cannot be read: " + Why.of(e),
          "Name the storage root with --storage");
    }
  }

  @Override
  public List<String> projects() {
    return projects;
  }

  @Override
  public List<String> waiting(String project) {
    try {
      return waiting.in(project);
    } catch (IOException e) {
      throw new UserError(
          project, "its outbox cannot be read: " + Why.at(e), "Mend its permissions", e);
    }
  }

  @Override
  public Sent send(String project, String runId) {
    return sync(project).send(runId);
  }

  private Sync sync(String project) {
    return opened.computeIfAbsent(project, open);
  }
}
