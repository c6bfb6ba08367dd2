package dev.sweeprunner.run.audit;

import dev.sweeprunner.config.Collision;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Finding.Kind;
import dev.sweeprunner.run.Goal;
import dev.sweeprunner.run.Inspection;
import dev.sweeprunner.run.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the runs that there are, by a few listings: nothing is opened. */
final class Stocktaking {
  private final Audit.Ports ports;
  private final List<Subject> subjects = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Project> projects = new HashMap<>();

  Stocktaking(Audit.Ports ports) {
    this.ports = ports;
  }

  /** Everything under the storage root. */
  Inventory ofAll() {
    for (String name : ports.folders().projects()) {
      Project project = project(name);
      Set<String> runIds = new TreeSet<>(project.locks().runIds());
      runIds.addAll(project.stock().runs().keySet());
      for (String runId : runIds) {
        List<RunKey> folders = project.folders(runId);
        RunKey nowhere = new RunKey(name, "unknown", runId, null);
        subjects.add(new Subject(Subject.named(nowhere, folders), folders, null));
      }
    }
    return new Inventory(subjects, findings);
  }

  /** What there is of these sweeps, and what lies in their folders without being theirs. */
  Inventory of(List<Points> sweeps) {
    Set<String> seen = new HashSet<>();
    for (Points points : sweeps) {
      points.collisions().forEach(collision -> doubled(points, collision));
      for (int i = 0; i < points.size(); i++) {
        if (!points.isDuplicate(i) && seen.add(points.projectSlug() + "/" + points.runId(i))) {
          point(points, i);
        }
      }
    }
    Set<String> groups = new HashSet<>();
    for (Points points : sweeps) {
      if (groups.add(points.projectSlug() + "/" + points.groupSlug())) {
        others(points, seen);
      }
    }
    return new Inventory(subjects, findings);
  }

  private void point(Points points, int index) {
    String runId = points.runId(index);
    Project project = project(points.projectSlug());
    List<RunKey> folders = project.folders(runId);
    if (!folders.isEmpty() || project.locks().runIds().contains(runId)) {
      RunKey key = Subject.named(points.key(index), folders);
      subjects.add(new Subject(key, folders, points.at(index)));
    } else {
      untouched(points, index);
    }
  }

  /** A point without a trace is one that nobody has claimed, unless it was finished right here. */
  private void untouched(Points points, int index) {
    String runId = points.runId(index);
    if (ports.registry().state(runId) instanceof Registry.Remote.Found found
        && ports.cluster().equals(found.cluster())
        && found.state().finished()
        && found.state().whole(Goal.of(points.at(index).config()))) {
      findings.add(
          new Finding(
              Kind.MISSING,
              runId,
              "out/" + points.key(index).folder(),
              "W&B says that cluster "
                  + found.cluster()
                  + " finished it at iteration "
                  + found.state().iter()
                  + ", but nothing of it lies there",
              "Check --storage; or restore its folder and its lock"));
    }
  }

  private void doubled(Points points, Collision collision) {
    List<String> indices = collision.indices().stream().map(String::valueOf).toList();
    findings.add(
        new Finding(
            Kind.DOUBLED,
            collision.runId(),
            "out/" + points.projectSlug() + "/" + points.groupSlug(),
            "points " + String.join(", ", indices) + " differ and have one run id",
            "Change any value of all but one of them, for example the seed"));
  }

  /** Runs in a sweep's folder that are none of its points. */
  private void others(Points points, Set<String> seen) {
    String project = points.projectSlug();
    for (List<RunKey> folders : project(project).stock().runs().values()) {
      for (RunKey key : folders) {
        if (key.group().equals(points.groupSlug()) && !seen.contains(project + "/" + key.runId())) {
          findings.add(
              new Finding(
                  Kind.NOT_IN_SWEEP,
                  key.runId(),
                  "out/" + key.folder(),
                  "no point of the sweep has this run id any more",
                  "Nothing: it stays as it is; add its values to the sweep to go on with it"));
        }
      }
    }
  }

  private Project project(String name) {
    return projects.computeIfAbsent(
        name,
        project -> {
          Project read = new Project(ports.logs().locks(project), ports.folders().stock(project));
          findings.addAll(read.locks().findings());
          findings.addAll(read.stock().findings());
          return read;
        });
  }

  /** One project's names. */
  private record Project(Inspection.Locks locks, Inspection.Stock stock) {
    List<RunKey> folders(String runId) {
      return stock.runs().getOrDefault(runId, List.of());
    }
  }
}
