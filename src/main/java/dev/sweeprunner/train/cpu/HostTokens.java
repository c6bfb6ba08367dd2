package dev.sweeprunner.train.cpu;

import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Batches of ids in arrays. */
final class HostTokens implements Tokens {
  private static final int LONGEST_QUEUE = 2;

  private final int length;
  private final Deque<Batch> queue = new ArrayDeque<>();
  private Batch current = new Batch(new int[0], new int[0], new int[0], Draw.NONE);

  HostTokens(int length) {
    this.length = length;
  }

  void put(int count, int[] ids, int[] targets, int[] compartments, Draw draw) {
    if (queue.size() == LONGEST_QUEUE) {
      throw new IllegalStateException("the queue holds two batches, and nobody takes them");
    }
    int tokens = count * length;
    queue.add(
        new Batch(
            Arrays.copyOf(ids, tokens),
            Arrays.copyOf(targets, tokens),
            Arrays.copyOf(compartments, Math.min(tokens, compartments.length)),
            draw));
  }

  void next() {
    current = queue.remove();
  }

  int[] ids() {
    return current.ids;
  }

  int[] targets() {
    return current.targets;
  }

  int[] compartments() {
    return current.compartments;
  }

  Draw draw() {
    return current.draw;
  }

  @SuppressWarnings("ArrayRecordComponent") // A view of memory, never compared.
  private record Batch(int[] ids, int[] targets, int[] compartments, Draw draw) {}
}
