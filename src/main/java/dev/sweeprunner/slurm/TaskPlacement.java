package dev.sweeprunner.slurm;

import dev.sweeprunner.run.TaskProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where tasks find their script and their program, and where they write, so that they can be
 * submitted from any folder. What a profile's own flags say of it wins.
 *
 * @param folder of submission; tasks start there
 * @param launcher the program that this process was started by; empty where nobody knows
 * @param named whether {@code $SWEEP_RUNNER} names a program for the tasks already
 * @param output of a task, as {@code --output} takes it
 */
public record TaskPlacement(Path folder, String launcher, boolean named, String output) {
  /** The profile with all that it needs. */
  public TaskProfile placed(TaskProfile profile) {
    List<String> flags = new ArrayList<>();
    flags.add("--output=" + output);
    if (!named && !launcher.isEmpty() && launcher.indexOf(',') < 0) { // no comma fits into --export
      flags.add("--export=ALL,SWEEP_RUNNER=" + launcher);
    }
    flags.addAll(profile.flags());
    return new TaskProfile(
        profile.name(),
        profile.partition(),
        profile.gpus(),
        profile.limit(),
        profile.workers(),
        flags,
        script(profile.script()));
  }

  /** As it is named where it is there; else the one beside the program. */
  private String script(String script) {
    if (launcher.isEmpty() || Files.exists(folder.resolve(script))) {
      return script;
    }
    Path beside = Path.of(launcher).resolveSibling(script);
    return Files.exists(beside) ? beside.toString() : script;
  }
}
