package dev.sweeprunner.host;

import dev.sweeprunner.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The {@code git} of this host: asks nobody for a password, speaks English, never cleans up. */
final class Git {
  private final String program;
  private final boolean ownSsh;

  Git(Environment environment) {
    this("git", environment);
  }

  Git(String program, Environment environment) {
    this.program = program;
    this.ownSsh =
        environment.variable("GIT_SSH_COMMAND").isPresent()
            || environment.variable("GIT_SSH").isPresent();
  }

  /** Runs one command in {@code folder}, keeping at most {@code kept} bytes of its output. */
  Command.Outcome run(Path folder, Duration limit, int kept, String... words) {
    return run(folder, limit, kept, false, words);
  }

  /** As above, for one that speaks to a remote; {@code silentSsh} lets ssh ask nothing. */
  Command.Outcome run(Path folder, Duration limit, int kept, boolean silentSsh, String... words) {
    var line = new ArrayList<>(List.of(program, "-c", "gc.auto=0", "-c", "maintenance.auto=false"));
    line.addAll(List.of(words));
    return Command.run(line, folder, variables -> prepare(variables, silentSsh), limit, kept);
  }

  private void prepare(Map<String, String> variables, boolean silentSsh) {
    // Set where this process runs inside a hook: they would point at that hook's work tree.
    variables.keySet().removeAll(List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"));
    variables.put("LC_ALL", "C");
    variables.put("GIT_TERMINAL_PROMPT", "0");
    variables.put("GIT_ASKPASS", "");
    variables.put("SSH_ASKPASS_REQUIRE", "never");
    variables.put("GCM_INTERACTIVE", "never");
    variables.put("GIT_OPTIONAL_LOCKS", "0");
    if (silentSsh && !ownSsh) {
      variables.put("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    }
  }

  /** Whether {@code folder} looks like part of a work tree, said without git. */
  static boolean looksLikeWorkTree(Path folder) {
    for (@Nullable Path up = folder; up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(".git"))) {
        return true;
      }
    }
    return false;
  }

  /** The folder a sweep file lies in. */
  static Path folderOf(Path sweepFile) {
    var parent = sweepFile.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
