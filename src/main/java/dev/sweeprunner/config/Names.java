package dev.sweeprunner.config;

import dev.sweeprunner.sweep.SweepFile;
import java.nio.file.Path;

/**
 * What a sweep is called.
 *
 * @param project as given, W&amp;B's too
 * @param group as given: the sweep's name
 * @param projectSlug the project's folder under {@code out/}
 * @param groupSlug the group's folder under the project's
 */
record Names(String project, String group, String projectSlug, String groupSlug) {
  private static final String YAML = "\\.ya?ml$";

  private Names(String project, String group) {
    this(project, group, Slug.folder(project), Slug.folder(group));
  }

  /** Of a sweep of the pipeline, whose defaults are those of its existing runs. */
  static Names ofPipeline(SweepFile sweep) {
    return new Names(sweep.project(), sweep.name());
  }

  /** Of a sweep of a user's own program: where the file names none, its folder and its own name. */
  static Names ofProgram(SweepFile sweep) {
    Path file = sweep.path().toAbsolutePath().normalize();
    Path folder = file.getParent() == null ? null : file.getParent().getFileName();
    String stem = file.getFileName().toString().replaceFirst(YAML, "");
    return new Names(
        sweep.projectGiven() || folder == null ? sweep.project() : folder.toString(),
        sweep.nameGiven() ? sweep.name() : stem);
  }
}
