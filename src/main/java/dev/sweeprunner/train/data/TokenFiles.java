package dev.sweeprunner.train.data;

import dev.sweeprunner.problem.Why;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The token files that a pattern of a config names on this node. Belongs to one thread. */
final class TokenFiles {
  private final Function<String, List<Path>> places;
  private final int vocabulary;
  private final TokenCounts counts;

  /**
   * Files whose tokens are all below {@code vocabulary}.
   *
   * @param places a relative pattern to the absolute ones it may mean, in order
   */
  TokenFiles(Function<String, List<Path>> places, int vocabulary) {
    this(places, vocabulary, new TokenCounts());
  }

  /** The same, with counts that others may have made. */
  TokenFiles(Function<String, List<Path>> places, int vocabulary, TokenCounts counts) {
    this.places = places;
    this.vocabulary = vocabulary;
    this.counts = counts;
  }

  /** How many tokens there are. */
  int vocabulary() {
    return vocabulary;
  }

  /** That no file matches, as a sentence, or empty. */
  Optional<String> missing(String key, String pattern) {
    try {
      return FilePattern.find(pattern, places).isEmpty()
          ? Optional.of(key + ": no file matches " + pattern + "; tried " + places.apply(pattern))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(key + ": " + pattern + " cannot be listed: " + Why.of(e));
    }
  }

  /**
   * All tokens of the files, in the order of their names.
   *
   * @throws TrainingFailure of class DATA if a shard is damaged, INFRA if there is none or one
   *     cannot be read
   */
  TokenStream open(String pattern) {
    return new TokenStream(find(pattern), vocabulary);
  }

  /**
   * How often each token of the vocabulary is in the first of the files; counted once.
   *
   * @throws TrainingFailure as {@link #open}; also if a token is outside the vocabulary
   */
  long[] frequencies(String pattern) {
    return frequencies(pattern, 1);
  }

  /** The same of the first {@code shards} files, or of all if there are fewer. */
  long[] frequencies(String pattern, int shards) {
    List<Path> files = find(pattern);
    return counts.of(files.subList(0, Math.min(shards, files.size())), vocabulary);
  }

  private List<Path> find(String pattern) {
    try {
      List<Path> files = FilePattern.find(pattern, places);
      if (files.isEmpty()) {
        throw new TrainingFailure(FailureClass.INFRA, "No file matches " + pattern + ".");
      }
      return files;
    } catch (IOException e) {
      throw new TrainingFailure(
          FailureClass.INFRA, pattern + " cannot be listed: " + Why.of(e) + ".", e);
    }
  }
}
