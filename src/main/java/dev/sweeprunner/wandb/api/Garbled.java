package dev.sweeprunner.wandb.api;

import java.io.IOException;

/** A successful answer whose body is no JSON object. */
final class Garbled extends IOException {
  private static final long serialVersionUID = 1L;

  private final String body;

  Garbled(String problem, String body) {
    super(problem);
    this.body = body;
  }

  String body() {
    return body;
  }
}
