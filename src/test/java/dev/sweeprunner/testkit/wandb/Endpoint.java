package dev.sweeprunner.testkit.wandb;

import org.jspecify.annotations.Nullable;

/** Answers the requests of one path. */
interface Endpoint {
  /**
   * Does what is asked.
   *
   * @param fault for the endpoint itself to act out, or null
   */
  Answer answer(Request request, @Nullable Fault fault);
}
