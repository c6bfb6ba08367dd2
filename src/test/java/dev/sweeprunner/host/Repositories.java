package dev.sweeprunner.host;

import dev.sweeprunner.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bare repository, a work tree that follows it, and another person's clone. */
final class Repositories {
  final Path work;
  final Path bare;
  private final Path other;
  private final Map<String, String> variables;

  private Repositories(Path root) {
    variables =
        Map.of(
            "HOME", root.toString(),
            "GIT_CONFIG_NOSYSTEM", "1",
            "GIT_AUTHOR_NAME", "Ada",
            "GIT_AUTHOR_EMAIL", "ada@example.org",
            "GIT_COMMITTER_NAME", "Ada",
            "GIT_COMMITTER_EMAIL", "ada@example.org");
    bare = root.resolve("bare.git");
    work = root.resolve("work");
    other = root.resolve("other");
  }

  /** Makes all three with one commit. */
  static Repositories make(Path root) throws IOException {
    var made = new Repositories(root);
    made.git(root, "init", "-q", "--bare", "-b", "main", "bare.git");
    made.git(root, "clone", "-q", "bare.git", "work");
    made.git(made.work, "remote", "set-url", "origin", "../bare.git");
    made.git(made.work, "checkout", "-q", "-b", "main");
    Files.createDirectories(made.work.resolve("sweeps"));
    Files.writeString(made.sweep(), "method: grid\n");
    made.git(made.work, "add", ".");
    made.git(made.work, "commit", "-q", "-m", "Begin");
    made.git(made.work, "push", "-q", "-u", "origin", "main");
    made.git(root, "clone", "-q", "bare.git", "other");
    made.git(made.other, "remote", "set-url", "origin", "../bare.git");
    return made;
  }

  /** A copy at another place; the remotes are relative. */
  Repositories copy(Path root) throws IOException {
    var from = bare.resolveSibling(".").normalize();
    try (var all = Files.walk(from)) {
      for (var entry : all.toList()) {
        var to = root.resolve(from.relativize(entry).toString());
        if (!entry.equals(from)) {
          Files.copy(entry, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
    return new Repositories(root);
  }

  Path sweep() {
    return work.resolve("sweeps/a.yaml");
  }

  /** Somebody else pushes commits. */
  void push(int commits) throws IOException {
    git(other, "pull", "-q", "--ff-only");
    for (int i = 0; i < commits; i++) {
      git(other, "commit", "-q", "--allow-empty", "-m", "More " + i);
    }
    git(other, "push", "-q");
  }

  String git(Path folder, String... words) throws IOException {
    var line = new ArrayList<>(List.of("git"));
    line.addAll(List.of(words));
    var outcome =
        Command.run(line, folder, map -> map.putAll(variables), Duration.ofSeconds(60), 1 << 20);
    if (outcome instanceof Command.Outcome.Ended ended && ended.exit() == 0) {
      return ended.out().strip();
    }
    throw new IOException(line + ": " + outcome);
  }
}
