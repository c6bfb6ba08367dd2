package dev.sweeprunner.train.data;

import dev.sweeprunner.config.BuiltinConfig;
import dev.sweeprunner.train.kernels.CounterRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The tokens of training, or of validation: one stream for all compartments, or one for each.
 * Belongs to one thread.
 */
final class SplitStreams {
  private final SplitBins bins;
  private final List<TokenSource> streams;
  private final int length;

  private SplitStreams(SplitBins bins, List<TokenSource> streams, int length) {
    this.bins = bins;
    this.streams = List.copyOf(streams);
    this.length = length;
  }

  /** Opens what the config names; frequencies are those of the training data. */
  static SplitStreams open(SplitBins bins, BuiltinConfig config, TokenFiles files) {
    List<TokenSource> streams = new ArrayList<>();
    if (bins.pattern() != null) {
      streams.add(files.open(bins.pattern()));
    }
    for (int i = 0; i < bins.entries().size(); i++) {
      String entry = bins.entries().get(i);
      CounterRandom random =
          CounterRandom.of(config.data().uniformSeed(), "data.synthetic." + bins.name() + "." + i);
      streams.add(
          switch (entry) {
            case SyntheticTokens.UNIFORM -> SyntheticTokens.uniform(random, files.vocabulary());
            case SyntheticTokens.FREQUENCY ->
                SyntheticTokens.frequency(random, files.frequencies(counted(config)));
            default -> files.open(entry);
          });
    }
    return new SplitStreams(bins, streams, config.model().blockSize());
  }

  /** The files whose tokens are counted for synthetic ones: the first that training reads. */
  private static String counted(BuiltinConfig config) {
    return SplitBins.training(config).patterns().values().iterator().next();
  }

  /** Rows read each stream from its beginning, one after the other. */
  Spans inOrder(DealtRows rows) {
    return spans(rows, (stream, name) -> RowTokens.inOrder(stream, length));
  }

  /** Rows begin anywhere in the streams, elsewhere in each iteration. */
  Spans anywhere(DealtRows rows, long seed) {
    return spans(
        rows,
        (stream, name) ->
            RowTokens.anywhere(stream, CounterRandom.of(seed, "data.offsets.evaluation" + name)));
  }

  /** Plain rows of each compartment from the beginning of its stream, where each has one. */
  Map<Integer, Spans> each() {
    Map<Integer, Spans> each = new TreeMap<>();
    for (int c = 0; bins.each() && c < streams.size(); c++) {
      each.put(c, Spans.ofAll(RowTokens.inOrder(streams.get(c), length)));
    }
    return each;
  }

  /**
   * Where the next readers of the streams of files stand before this row: stream to token offset.
   */
  Map<String, Long> offsets(DealtRows rows, long row) {
    long[] next = bins.each() ? rows.readers(row, streams.size()) : new long[] {row};
    Map<String, Long> offsets = new LinkedHashMap<>();
    for (int i = 0; i < next.length; i++) {
      if (streams.get(i) instanceof TokenStream files) {
        offsets.put(bins.name() + suffix(i), files.offset(next[i], length));
      }
    }
    return offsets;
  }

  private Spans spans(DealtRows rows, BiFunction<TokenSource, String, RowTokens> reading) {
    List<RowTokens> tokens = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      tokens.add(reading.apply(streams.get(i), suffix(i)));
    }
    return bins.each() ? Spans.ofEach(tokens, rows) : Spans.ofAll(tokens.get(0));
  }

  private String suffix(int stream) {
    return bins.each() ? "." + stream : "";
  }
}
