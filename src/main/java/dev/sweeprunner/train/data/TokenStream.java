package dev.sweeprunner.train.data;

import java.nio.file.Path;
import java.util.List;

/** The tokens of all shards one after the other, without end: after the last comes the first. */
final class TokenStream {
  private final List<Shard> shards;
  private final long[] starts;
  private final long length;
  private final int vocabulary;

  /**
   * Opens the files in this order.
   *
   * @param vocabulary every token must be below it
   */
  TokenStream(List<Path> files, int vocabulary) {
    this.shards = files.stream().map(Shard::open).toList();
    this.vocabulary = vocabulary;
    this.starts = new long[shards.size()];
    long start = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = start;
      start += shards.get(i).tokens();
    }
    this.length = start;
  }

  /** Tokens before it begins again. */
  long length() {
    return length;
  }

  /** Where row {@code row} of {@code stride} tokens begins; in [0, length). */
  long offset(long row, int stride) {
    return row % length * stride % length;
  }

  /** Copies {@code count} tokens from {@code offset} on; offset in [0, length). */
  void read(long offset, int count, int[] into) {
    int index = shard(offset);
    long within = offset - starts[index];
    int done = 0;
    while (done < count) {
      Shard shard = shards.get(index);
      int taken = (int) Math.min(count - done, shard.tokens() - within);
      shard.read(within, taken, into, done, vocabulary);
      done += taken;
      within = 0;
      index = (index + 1) % shards.size();
    }
  }

  private int shard(long offset) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
