package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Buffer.Tokens;
import dev.sweeprunner.train.kernels.Dropouts.Draw;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches on their way to the GPU: sorted on the host into one of two page-locked places, copied by
 * a stream of its own into one of two places on the GPU while the other stream still computes, and
 * from there, in that stream's order, to the place where the operations read.
 */
final class DeviceTokens implements Tokens, Resource {
  private static final int PLACES = 2;

  private final int mostTokens;
  private final int length;
  private final Ranges ranges;
  private final boolean targetsSorted;
  private final long bytes;
  private final CountingSort idSort;
  private final CountingSort targetSort;
  private final Streams streams;
  private final Space current;

  /** Where a batch waits on the host, used until it has been copied to the GPU. */
  private final List<Slot> hosts = new ArrayList<>();

  /** Where it waits on the GPU. */
  private final List<Space> places = new ArrayList<>();

  /** Recorded when that place has been read. */
  private final List<Event> free = new ArrayList<>();

  private int put;
  private int taken;

  /**
   * @param targetsSorted whether the head wants to know which tokens have a target
   */
  DeviceTokens(
      int rows, int length, Ranges ranges, boolean targetsSorted, Arena arena, Streams streams) {
    int tokens = Math.multiplyExact(rows, length);
    this.mostTokens = tokens;
    this.length = length;
    this.ranges = ranges;
    this.targetsSorted = targetsSorted;
    this.bytes = at(0).end();
    this.idSort = new CountingSort(ranges.inputs(), tokens);
    this.targetSort = new CountingSort(ranges.targets(), targetsSorted ? tokens : 0);
    this.streams = streams;
    this.current = arena.ask(bytes);
    for (int i = 0; i < PLACES; i++) {
      places.add(arena.ask(bytes));
    }
  }

  /** What a batch passes through; both belong to the kernels. */
  record Streams(Stream copying, Stream computing) {}

  /** Makes the host's side, once the arena is allocated; closes it again if that fails. */
  void prepare(Gpu gpu) {
    try {
      for (int i = 0; i < PLACES; i++) {
        hosts.add(new Slot(gpu, bytes));
        free.add(new Event(gpu));
      }
    } catch (RuntimeException e) {
      closeHost();
      throw e;
    }
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#put}. */
  void put(int count, int[] ids, int[] targets, int[] compartments, Draw draw) {
    if (put - taken == PLACES) {
      throw new IllegalStateException("the queue holds two batches, and nobody takes them");
    }
    int tokens = Math.multiplyExact(count, length);
    int place = place(put);
    Pinned memory = hosts.get(place).free();
    memory.buffer().putLong(0, draw.bits()).putLong(Long.BYTES, draw.firstToken());
    write(memory.buffer().asIntBuffer(), tokens, ids, targets, compartments);
    // The GPU's place may still be read for the batch before the last.
    streams.copying.await(free.get(place));
    streams.copying.copyIn(places.get(place).address(), memory, bytes);
    streams.copying.record(hosts.get(place).used());
    put++;
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#next}. */
  void next() {
    if (put == taken) {
      throw new IllegalStateException("the queue is empty");
    }
    int place = place(taken);
    streams.computing.await(hosts.get(place).used());
    streams.computing.copy(current.address(), places.get(place).address(), bytes);
    streams.computing.record(free.get(place));
    taken++;
  }

  private int place(int batch) {
    if (hosts.isEmpty()) {
      throw new IllegalStateException("a queue cannot be used before allocate(), or closed");
    }
    return batch % PLACES;
  }

  /** The batch that operations work on. */
  TokenBlock block() {
    return at(current.address());
  }

  private TokenBlock at(long start) {
    return TokenBlock.at(start, mostTokens, ranges, targetsSorted);
  }

  @Override
  public void close() {
    streams.copying.settle();
    streams.computing.settle();
    closeHost();
    places.forEach(Space::close);
    current.close();
  }

  private void write(IntBuffer to, int tokens, int[] ids, int[] targets, int[] compartments) {
    TokenBlock layout = at(0);
    put(to, layout.ids(), ids, tokens);
    put(to, layout.targets(), targets, tokens);
    if (ranges.compartments() > 0) {
      put(to, layout.compartments(), compartments, tokens);
    }
    idSort.sort(ids, tokens);
    put(to, layout.idOrder(), idSort.order(), tokens);
    put(to, layout.idStarts(), idSort.starts(), ranges.inputs() + 1);
    if (targetsSorted) {
      targetSort.sort(targets, tokens);
      put(to, layout.targetOrder(), targetSort.order(), tokens);
      put(to, layout.targetStarts(), targetSort.starts(), ranges.targets() + 1);
    }
  }

  private static void put(IntBuffer to, long at, int[] values, int count) {
    to.put((int) (at / Integer.BYTES), values, 0, count);
  }

  private void closeHost() {
    hosts.forEach(Slot::close);
    hosts.clear();
    free.forEach(Event::close);
    free.clear();
  }
}
