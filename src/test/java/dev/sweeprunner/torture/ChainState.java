package dev.sweeprunner.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sweeprunner.config.Sha256;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A state of the torture trainer: after k steps, the k-th element of a hash chain that begins with
 * the run id. Whoever knows the run id can compute every state, and no step can be left out, done
 * twice or taken from another run unnoticed.
 *
 * @param iter steps done
 * @param hash lower-case hex SHA-256
 */
record ChainState(long iter, String hash) implements Snapshot {
  private static final int DIGITS = 12;

  static ChainState first(String runId) {
    return new ChainState(0, Sha256.of(runId));
  }

  ChainState next() {
    return new ChainState(iter + 1, Sha256.of((hash + " " + iter).getBytes(UTF_8)));
  }

  /** The row of the step that led here: its hash in pieces that a double holds exactly. */
  Row row() {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < 3; i++) {
      String piece = hash.substring(i * DIGITS, (i + 1) * DIGITS);
      values.put("h" + i, (double) Long.parseLong(piece, 16));
    }
    return new Row(iter - 1, values, Map.of());
  }
}
