package dev.sweeprunner.train.cuda;

import dev.sweeprunner.train.kernels.Tokens;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way to the GPU: sorted on the host into one of two page-locked places, copied by
 * a stream of its own into one of two places on the GPU while the other stream still computes, and
 * from there, in that stream's order, to the place where the operations read.
 */
final class DeviceTokens implements Tokens, Resource {
  private static final int PLACES = 2;

  private final int rows;
  private final int length;
  private final Ranges ranges;
  private final boolean targetsSorted;
  private final TokenLayout layout;
  private final CountingSort idSort;
  private final CountingSort targetSort;
  private final Arena arena;
  private final Streams streams;
  private final Space current;
  private final List<Place> places = new ArrayList<>();
  private int put;
  private int taken;

  /**
   * @param targetsSorted whether the head wants to know which tokens have a target
   */
  DeviceTokens(
      int rows, int length, Ranges ranges, boolean targetsSorted, Arena arena, Streams streams) {
    int tokens = Math.multiplyExact(rows, length);
    this.rows = rows;
    this.length = length;
    this.ranges = ranges;
    this.targetsSorted = targetsSorted;
    this.layout = TokenLayout.of(tokens, ranges, targetsSorted);
    this.idSort = new CountingSort(ranges.inputs(), tokens);
    this.targetSort = new CountingSort(ranges.targets(), targetsSorted ? tokens : 0);
    this.arena = arena;
    this.streams = streams;
    this.current = arena.ask(layout.bytes());
    for (int i = 0; i < PLACES; i++) {
      places.add(new Place(arena.ask(layout.bytes())));
    }
  }

  /** What a batch passes through; both belong to the kernels. */
  record Streams(Stream copying, Stream computing) {}

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int length() {
    return length;
  }

  /** Makes the host's side, once the arena is allocated; closes it again if that fails. */
  void prepare(Gpu gpu) {
    try {
      for (Place place : places) {
        place.host = new Slot(gpu, layout.bytes());
        place.free = new Event(gpu);
      }
    } catch (RuntimeException e) {
      places.forEach(Place::close);
      throw e;
    }
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#put}. */
  void put(int count, int[] ids, int[] targets, int[] compartments) {
    if (put - taken == PLACES) {
      throw new IllegalStateException("the queue holds two batches, and nobody takes them");
    }
    int tokens = Math.multiplyExact(count, length);
    Place place = places.get(put % PLACES);
    Slot host = place.host();
    Pinned memory = host.free();
    write(memory.buffer().asIntBuffer(), tokens, ids, targets, compartments);
    // The GPU's place may still be read for the batch before the last.
    streams.copying.await(place.free());
    streams.copying.copyIn(place.space.address(), memory, layout.bytes());
    streams.copying.record(host.used());
    put++;
  }

  /** See {@link dev.sweeprunner.train.kernels.Kernels#next}. */
  void next() {
    if (put == taken) {
      throw new IllegalStateException("the queue is empty");
    }
    Place place = places.get(taken % PLACES);
    streams.computing.await(place.host().used());
    streams.computing.copy(current.address(), place.space.address(), layout.bytes());
    streams.computing.record(place.free());
    taken++;
  }

  /** The batch that operations work on. */
  TokenBlock block() {
    return new TokenBlock(current.address(), layout);
  }

  @Override
  public void close() {
    streams.copying.settle();
    streams.computing.settle();
    places.forEach(Place::close);
    places.forEach(place -> arena.giveBack(place.space));
    arena.giveBack(current);
  }

  private void write(IntBuffer to, int tokens, int[] ids, int[] targets, int[] compartments) {
    to.put(layout.ids(), ids, 0, tokens);
    to.put(layout.targets(), targets, 0, tokens);
    if (ranges.compartments() > 0) {
      to.put(layout.compartments(), compartments, 0, tokens);
    }
    idSort.sort(ids, tokens);
    to.put(layout.idOrder(), idSort.order(), 0, tokens);
    to.put(layout.idStarts(), idSort.starts());
    if (targetsSorted) {
      targetSort.sort(targets, tokens);
      to.put(layout.targetOrder(), targetSort.order(), 0, tokens);
      to.put(layout.targetStarts(), targetSort.starts());
    }
  }

  /** Where one batch waits, on both sides. */
  private static final class Place implements Resource {
    private final Space space;
    private @Nullable Slot host;
    private @Nullable Event free;

    Place(Space space) {
      this.space = space;
    }

    /** The host's side, used until the batch has been copied to the GPU. */
    Slot host() {
      if (host == null) {
        throw new IllegalStateException("a queue cannot be used before allocate(), or closed");
      }
      return host;
    }

    /** Recorded when the GPU's side has been read. */
    Event free() {
      if (free == null) {
        throw new IllegalStateException("a queue cannot be used before allocate(), or closed");
      }
      return free;
    }

    @Override
    public void close() {
      if (host != null) {
        host.close();
        host = null;
      }
      if (free != null) {
        free.close();
        free = null;
      }
    }
  }
}
