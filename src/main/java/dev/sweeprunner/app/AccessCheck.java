package dev.sweeprunner.app;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.judge.Policy;
import dev.sweeprunner.wandb.Entity;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Whether W&amp;B takes the key and knows the entities, asked while the rest of the worker starts.
 * A wrong key would cost every run its curve, so it is an error; silence is not.
 */
final class AccessCheck {
  private final CompletableFuture<Optional<WandbFailure>> asked;

  private AccessCheck(CompletableFuture<Optional<WandbFailure>> asked) {
    this.asked = asked;
  }

  /** Asks nothing. */
  static AccessCheck none() {
    return new AccessCheck(CompletableFuture.completedFuture(Optional.empty()));
  }

  static AccessCheck start(WandbClient client, List<Entity> entities) {
    return new AccessCheck(CompletableFuture.supplyAsync(() -> ask(client, entities)));
  }

  private static Optional<WandbFailure> ask(WandbClient client, List<Entity> entities) {
    try {
      client.viewer();
      for (Entity entity : entities) {
        entity.name();
      }
      return Optional.empty();
    } catch (WandbFailure failure) {
      return Optional.of(failure);
    }
  }

  /**
   * Waits for the answer.
   *
   * @throws UserError if W&amp;B refuses; its silence is a warning that says what follows
   */
  void join(Policy.Down down, Console console) {
    Optional<WandbFailure> answer = answer();
    if (answer.isEmpty()) {
      return;
    }
    String why = String.valueOf(answer.get().getMessage());
    switch (answer.get().kind()) {
      case UNREACHABLE, LIMITED, UNREADABLE ->
          console.warn(
              why
                  + ". Rows are kept and sent later; what may be claimed meanwhile says"
                  + " --wandb-down "
                  + down.name().toLowerCase(Locale.ROOT)
                  + ".");
      default ->
          throw new UserError(
              "W&B", why, "Correct that, or run with --wandb offline or --wandb disabled");
    }
  }

  private Optional<WandbFailure> answer() {
    try {
      return asked.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UserError mistake) {
        throw mistake;
      }
      throw e;
    }
  }
}
