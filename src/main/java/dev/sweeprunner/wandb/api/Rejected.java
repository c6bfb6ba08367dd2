package dev.sweeprunner.wandb.api;

import org.springframework.http.HttpHeaders;

/** An answer whose status is no success, on its way through Spring's client. */
final class Rejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient HttpHeaders headers;
  private final String body;

  Rejected(int status, HttpHeaders headers, String body) {
    super("status " + status);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  String body() {
    return body;
  }
}
