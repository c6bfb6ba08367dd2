package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The run ids of one sweep as numbers, each once, ascending: four bytes per run. Immutable; any
 * thread.
 */
final class RunIds {
  private static final int NAME_LENGTH = 16;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");

  /** With the sign bit flipped, so that the order of ints is that of the ids' texts. */
  private final int[] flipped;

  private RunIds(int[] flipped) {
    this.flipped = flipped;
  }

  static RunIds of(Points points) {
    int[] bits = new int[points.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = points.runIdBits(i);
    }
    return of(bits);
  }

  /** These ids as 32 bits each, in any order. */
  static RunIds of(int... bits) {
    int[] flipped = new int[bits.length];
    for (int i = 0; i < bits.length; i++) {
      flipped[i] = bits[i] ^ Integer.MIN_VALUE;
    }
    Arrays.sort(flipped);
    int distinct = 0;
    for (int i = 0; i < flipped.length; i++) {
      if (i == 0 || flipped[i] != flipped[i - 1]) {
        flipped[distinct++] = flipped[i];
      }
    }
    return new RunIds(distinct == flipped.length ? flipped : Arrays.copyOf(flipped, distinct));
  }

  int size() {
    return flipped.length;
  }

  /** The id at this place of the ascending order. */
  String get(int place) {
    return HexFormat.of().toHexDigits(flipped[place] ^ Integer.MIN_VALUE);
  }

  boolean contains(String runId) {
    return place(runId) >= 0;
  }

  /** The id's place in the ascending order, or a negative number. */
  int place(String runId) {
    if (!ID.matcher(runId).matches()) {
      return -1;
    }
    int bits = Integer.parseUnsignedInt(runId, 16);
    return Arrays.binarySearch(flipped, bits ^ Integer.MIN_VALUE);
  }

  /** A name for exactly these ids in this project of W&amp;B: 16 hex characters. */
  String name(String project) {
    MessageDigest sha = Sha256.digest();
    sha.update(project.getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES);
    for (int id : flipped) {
      sha.update(buffer.clear().putInt(id).flip());
    }
    return Sha256.hex(sha).substring(0, NAME_LENGTH);
  }
}
