package dev.sweeprunner.app;

import dev.sweeprunner.host.Environment;
import dev.sweeprunner.host.GitCheck;
import dev.sweeprunner.host.Upstream;
import dev.sweeprunner.options.Invocation;
import dev.sweeprunner.options.Settings;
import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Whether the sweep files' work trees are behind their upstreams: asked in the background while the
 * rest starts, answered before the first claim.
 */
final class UpstreamCheck {
  private final List<CompletableFuture<Upstream>> answers = new ArrayList<>();
  private final Console console;

  private UpstreamCheck(Console console) {
    this.console = console;
  }

  /** Starts asking, once per folder; asks nothing with {@code --allow-behind}. */
  static UpstreamCheck start(
      Invocation invocation,
      Settings settings,
      Environment environment,
      ObjectGraph graph,
      Console console) {
    UpstreamCheck check = new UpstreamCheck(console);
    if (invocation.allowBehind()) {
      return check;
    }
    GitCheck git =
        new GitCheck(
            environment,
            graph.files(),
            graph.hostFolder(),
            graph.clock(),
            settings.git().timeout(),
            settings.git().answerFor());
    Set<Path> folders = new LinkedHashSet<>();
    for (Path sweep : invocation.sweeps()) {
      if (folders.add(sweep.toAbsolutePath().normalize().getParent())) {
        check.answers.add(CompletableFuture.supplyAsync(() -> git.check(sweep)));
      }
    }
    return check;
  }

  /**
   * Waits for the answers.
   *
   * @throws UserError if a work tree is behind; an unknown answer is a warning
   */
  void join() {
    for (CompletableFuture<Upstream> asked : answers) {
      Upstream answer = answer(asked);
      if (answer instanceof Upstream.Behind behind) {
        String commits = behind.commits() == 1 ? " commit" : " commits";
        throw new UserError(
            "",
            "the work tree is " + behind.commits() + commits + " behind " + behind.upstream(),
            "git pull, or pass --allow-behind");
      }
      if (answer instanceof Upstream.Unknown unknown) {
        console.warn(
            "Whether the work tree is behind its upstream is unknown: " + unknown.why() + ".");
      }
    }
  }

  private static Upstream answer(CompletableFuture<Upstream> asked) {
    try {
      return asked.join();
    } catch (CompletionException e) {
      return new Upstream.Unknown(String.valueOf(e.getCause()));
    }
  }
}
