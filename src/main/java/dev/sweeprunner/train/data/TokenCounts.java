package dev.sweeprunner.train.data;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How often each token is in some files. The newest count is kept for as long as the files stay as
 * they are: the points of a sweep mostly count the same ones. Safe for any number of threads.
 */
public final class TokenCounts {
  private static final int AT_ONCE = 1 << 16;

  private final AtomicReference<@Nullable Kept> newest = new AtomicReference<>();

  /**
   * Counts.
   *
   * @param vocabulary every token must be below it
   * @return by token; not to be changed
   * @throws TrainingFailure of class DATA if a shard is damaged, INFRA if one cannot be read
   */
  long[] of(List<Path> files, int vocabulary) {
    List<Stamp> stamps = files.stream().map(Stamp::of).toList();
    Kept kept = newest.get();
    if (kept == null || kept.vocabulary != vocabulary || !kept.files.equals(stamps)) {
      kept = new Kept(stamps, vocabulary, count(files, vocabulary));
      newest.set(kept);
    }
    return kept.counts;
  }

  private static long[] count(List<Path> files, int vocabulary) {
    long[] counts = new long[vocabulary];
    int[] tokens = new int[AT_ONCE];
    for (Shard shard : shards(files)) {
      for (long from = 0; from < shard.tokens(); from += AT_ONCE) {
        int count = (int) Math.min(AT_ONCE, shard.tokens() - from);
        shard.read(from, count, tokens, 0, vocabulary);
        for (int i = 0; i < count; i++) {
          counts[tokens[i]]++;
        }
      }
    }
    return counts;
  }

  private static List<Shard> shards(List<Path> files) {
    List<Shard> shards = new ArrayList<>();
    files.forEach(file -> shards.add(Shard.open(file)));
    return shards;
  }

  /** What tells a file from another one of that name. */
  private record Stamp(Path file, long bytes, FileTime changed) {
    static Stamp of(Path file) {
      try {
        return new Stamp(file, Files.size(file), Files.getLastModifiedTime(file));
      } catch (IOException e) {
        throw new TrainingFailure(
            FailureClass.INFRA, file + " cannot be read: " + Why.of(e) + ".", e);
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Kept(List<Stamp> files, int vocabulary, long[] counts) {}
}
