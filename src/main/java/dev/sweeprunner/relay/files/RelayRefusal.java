package dev.sweeprunner.relay.files;

import java.io.IOException;

/**
 * What a program asks for cannot be done here, now or later. The message is one sentence for the
 * program's user; the client is told it as it stands.
 */
public final class RelayRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  RelayRefusal(String sentence) {
    super(sentence);
  }
}
