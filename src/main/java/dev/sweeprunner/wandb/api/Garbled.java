package dev.sweeprunner.wandb.api;

import java.io.IOException;

/** A successful answer whose body is not what it should be; the message says what it is. */
final class Garbled extends IOException {
  private static final long serialVersionUID = 1L;

  Garbled(String what) {
    super(what);
  }
}
