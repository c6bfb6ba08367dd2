package dev.sweeprunner.wandb;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.registry.Entity;
import dev.sweeprunner.wandb.telemetry.Contact;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Whether W&amp;B takes the key and knows the entities, asked while the rest of the worker starts.
 * A wrong key would cost every run its curve, so it is an error; silence is not.
 */
public final class AccessCheck {
  /** A worker that waits longer says what for. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private final CompletableFuture<Optional<WandbFailure>> asked;
  private final Silence silence;
  private final Duration soon;
  private final Consumer<WandbFailure> unanswered;

  /**
   * A check on its way.
   *
   * @param soon after so long without an answer something is said
   * @param unanswered told of W&amp;B's silence before the user is
   */
  AccessCheck(
      CompletableFuture<Optional<WandbFailure>> asked,
      Silence silence,
      Duration soon,
      Consumer<WandbFailure> unanswered) {
    this.asked = asked;
    this.silence = silence;
    this.soon = soon;
    this.unanswered = unanswered;
  }

  /** Asks nothing. */
  static AccessCheck none(Silence silence) {
    return new AccessCheck(
        CompletableFuture.completedFuture(Optional.empty()), silence, SOON, failure -> {});
  }

  /**
   * Asks.
   *
   * @param began when, in the clock's nanoseconds
   */
  static AccessCheck start(
      WandbClient client, List<Entity> entities, Silence silence, Contact contact, long began) {
    return new AccessCheck(
        CompletableFuture.supplyAsync(() -> ask(client, entities, contact)),
        silence,
        SOON,
        failure -> contact.lost(failure, began));
  }

  private static Optional<WandbFailure> ask(
      WandbClient client, List<Entity> entities, Contact contact) {
    try {
      client.viewer();
      for (Entity entity : entities) {
        entity.name();
      }
      contact.answered();
      return Optional.empty();
    } catch (WandbFailure failure) {
      return Optional.of(failure);
    }
  }

  /**
   * Waits for the answer.
   *
   * @param notes hears what is waited for, where that takes long
   * @param warnings hears of W&amp;B's silence
   * @throws UserError if W&amp;B refuses; its silence is a warning that says what follows
   */
  public void join(Consumer<String> notes, Consumer<String> warnings) {
    Optional<WandbFailure> answer = answer(notes);
    if (answer.isEmpty()) {
      return;
    }
    String why = String.valueOf(answer.get().getMessage());
    switch (answer.get().kind()) {
      case UNREACHABLE, LIMITED, UNREADABLE -> {
        unanswered.accept(answer.get());
        warnings.accept(
            why
                + ". Nothing is lost: rows are kept, and sent when it answers. "
                + capital(silence.meanwhile())
                + ".");
      }
      default ->
          throw new UserError(
              "W&B", why, "Correct that, or run with --wandb offline or --wandb disabled");
    }
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }

  private Optional<WandbFailure> answer(Consumer<String> notes) {
    try {
      asked.get(soon.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      notes.accept(silence.waiting());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException failed) {
      return joined();
    }
    return joined();
  }

  private Optional<WandbFailure> joined() {
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
