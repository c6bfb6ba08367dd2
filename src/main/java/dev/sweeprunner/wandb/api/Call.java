package dev.sweeprunner.wandb.api;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One try of one request on its way. Belongs to one thread. */
final class Call {
  /** Name of the request attribute that holds it. */
  static final String ATTRIBUTE = Call.class.getName();

  private final Channel channel;
  private final URI address;
  private final String what;
  private final @Nullable String authorization;
  private @Nullable Instant answered;

  /**
   * A try.
   *
   * @param channel what kind of request
   * @param address where to
   * @param what is asked for, in words that follow "asked for"
   * @param authorization the header's value, or null where none is sent
   */
  Call(Channel channel, URI address, String what, @Nullable String authorization) {
    this.channel = channel;
    this.address = address;
    this.what = what;
    this.authorization = authorization;
  }

  Channel channel() {
    return channel;
  }

  URI address() {
    return address;
  }

  String what() {
    return what;
  }

  @Nullable String authorization() {
    return authorization;
  }

  /** The server's time of its answer, or null before it, or when it does not say. */
  @Nullable Instant answered() {
    return answered;
  }

  void answeredAt(@Nullable Instant time) {
    answered = time;
  }
}
