package dev.sweeprunner.wandb.api;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One try of one request.
 *
 * @param channel what kind of request
 * @param address where to
 * @param what is asked for, in words that follow "asked for"
 * @param authorization the header's value, or null where none is sent
 */
record Call(Channel channel, URI address, String what, @Nullable String authorization) {
  @Override
  public String toString() {
    return what;
  }
}
