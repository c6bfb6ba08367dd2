package dev.sweeprunner.relay;

import java.util.List;

/**
 * What a client posts to a run's stream at once.
 *
 * @param parts lines of files, in the order in which they came
 * @param complete whether the client is done with the run
 * @param exitCode of the program, once it is complete
 * @param tooLong how many lines were too long to be taken; in {@code parts} they are empty
 */
record StreamPost(List<Part> parts, boolean complete, int exitCode, int tooLong) {
  /** Lines of the run's history. */
  static final String HISTORY = "wandb-history.jsonl";

  /** How many rows it brings. */
  long rows() {
    return parts.stream()
        .filter(part -> part.file().equals(HISTORY))
        .mapToLong(part -> part.lines().size())
        .sum();
  }

  /**
   * Lines of a file of the run.
   *
   * @param offset the number of the first
   */
  record Part(String file, long offset, List<String> lines) {}
}
