package dev.sweeprunner.train.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** The tokens of all shards one after the other, without end: after the last comes the first. */
final class TokenStream implements TokenSource {
  private final List<Shard> shards;
  private final NavigableMap<Long, Integer> byStart = new TreeMap<>();
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
    long start = 0;
    for (int i = 0; i < shards.size(); i++) {
      byStart.put(start, i);
      start += shards.get(i).tokens();
    }
    this.length = start;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long offset, int count, int[] into) {
    Map.Entry<Long, Integer> first = Objects.requireNonNull(byStart.floorEntry(offset));
    int index = first.getValue();
    long within = offset - first.getKey();
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
}
