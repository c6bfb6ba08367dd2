package dev.sweeprunner.testkit.wandb;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of traffic, each with faults of its own. */
public enum Channel {
  GRAPHQL,
  FILE_STREAM,
  UPLOAD;

  /** The channel of a path, or null for none. */
  static @Nullable Channel of(String path) {
    if (path.equals("/graphql")) {
      return GRAPHQL;
    }
    if (path.startsWith("/files/") && path.endsWith("/file_stream")) {
      return FILE_STREAM;
    }
    return path.startsWith("/upload/") ? UPLOAD : null;
  }

  /** The channel of a name as options spell it: {@code file-stream} or {@code file_stream}. */
  static Channel named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
