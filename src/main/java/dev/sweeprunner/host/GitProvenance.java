package dev.sweeprunner.host;

import dev.sweeprunner.process.Command;
import dev.sweeprunner.run.Provenance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where the code and the sweep come from: commit, uncommitted changes, versions. */
public final class GitProvenance {
  private static final int LARGEST_DIFF = 1024 * 1024;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Environment environment;
  private final boolean withDiff;
  private final Git git;

  /**
   * Prepares; asks nothing yet.
   *
   * @param withDiff whether uncommitted changes are told, without the secrets in them
   */
  public GitProvenance(Environment environment, boolean withDiff) {
    this.environment = environment;
    this.withDiff = withDiff;
    this.git = new Git(environment);
  }

  /** As {@link #of}, asked in the background from now on; the answer is waited for. */
  public Supplier<Provenance> asked(Path sweepFile, String program) {
    return CompletableFuture.supplyAsync(() -> of(sweepFile, program))::join;
  }

  /**
   * Reads the work tree of a sweep file; outside one, or where git fails, commit and diff are
   * missing. Takes up to twenty seconds on a slow disk. Never throws.
   *
   * @param program version of this program
   */
  public Provenance of(Path sweepFile, String program) {
    var folder = Git.folderOf(sweepFile);
    var head = git.run(folder, LIMIT, 1024, "rev-parse", "--verify", "HEAD");
    if (head instanceof Command.Outcome.Ended ended && ended.exit() == 0) {
      return new Provenance(ended.out().strip(), diff(folder), versions(program));
    }
    return new Provenance(null, "", versions(program));
  }

  private String diff(Path folder) {
    if (!withDiff) {
      return "# not kept: git.diff is false\n";
    }
    // A textconv may decrypt.
    var outcome =
        git.run(
            folder,
            LIMIT,
            LARGEST_DIFF,
            "diff",
            "--no-color",
            "--no-ext-diff",
            "--no-textconv",
            "HEAD",
            "--");
    if (outcome instanceof Command.Outcome.Ended ended && ended.exit() == 0) {
      var diff = PublicDiff.of(ended.out());
      return ended.dropped() == 0
          ? diff
          : diff + "\n# cut here: " + ended.dropped() + " more bytes\n";
    }
    return outcome instanceof Command.Outcome.TimedOut
        ? "# git diff took longer than " + LIMIT.toSeconds() + " s\n"
        : "# git diff failed\n";
  }

  private Map<String, String> versions(String program) {
    var versions = new TreeMap<String, String>();
    versions.put("sweep-runner", program);
    versions.put(
        "java",
        environment.property("java.vm.name", "")
            + " "
            + environment.property("java.runtime.version", "?"));
    versions.put(
        "os",
        environment.property("os.name", "?")
            + " "
            + environment.property("os.version", "?")
            + " "
            + environment.property("os.arch", "?"));
    return Collections.unmodifiableMap(versions);
  }
}
