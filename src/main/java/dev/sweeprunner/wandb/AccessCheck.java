package dev.sweeprunner.wandb;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Entity;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Whether W&amp;B takes the key and knows the entities, asked while the rest of the worker starts.
 * A wrong key would cost every run its curve, so it is an error; silence is not.
 */
public final class AccessCheck {
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
   * @param down what is done while W&amp;B is down, as the user says it
   * @param warnings hears of its silence
   * @throws UserError if W&amp;B refuses; its silence is a warning that says what follows
   */
  public void join(String down, Consumer<String> warnings) {
    Optional<WandbFailure> answer = answer();
    if (answer.isEmpty()) {
      return;
    }
    String why = String.valueOf(answer.get().getMessage());
    switch (answer.get().kind()) {
      case UNREACHABLE, LIMITED, UNREADABLE ->
          warnings.accept(
              why
                  + ". Rows are kept and sent later; what may be claimed meanwhile says"
                  + " --wandb-down "
                  + down
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
