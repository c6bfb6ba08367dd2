package dev.sweeprunner.host;

import dev.sweeprunner.problem.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Whether the sweep files' work trees are behind their upstreams: asked in the background while the
 * rest starts, answered before the first claim.
 */
public final class UpstreamCheck {
  private final List<CompletableFuture<Upstream>> answers = new ArrayList<>();

  private UpstreamCheck() {}

  /** Asks nothing: whatever the work trees are, the user allowed it. */
  public static UpstreamCheck none() {
    return new UpstreamCheck();
  }

  /** Starts asking, once per folder. */
  public static UpstreamCheck start(GitCheck git, List<Path> sweeps) {
    UpstreamCheck check = new UpstreamCheck();
    Set<Path> folders = new LinkedHashSet<>();
    for (Path sweep : sweeps) {
      if (folders.add(sweep.toAbsolutePath().normalize().getParent())) {
        check.answers.add(CompletableFuture.supplyAsync(() -> git.check(sweep)));
      }
    }
    return check;
  }

  /**
   * Waits for the answers.
   *
   * @param warnings told of an unknown answer
   * @throws UserError if a work tree is behind
   */
  public void join(Consumer<String> warnings) {
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
        warnings.accept(
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
