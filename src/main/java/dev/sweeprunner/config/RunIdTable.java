package dev.sweeprunner.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The run ids of all points of a grid, computed once: 12 bytes per point, 16 where points double
 * one another.
 *
 * <p>Immutable; safe for all threads.
 */
final class RunIdTable {
  private static final int CHUNK = 1024;

  private final int[] bits;

  /** Id in the high half, index in the low half, ascending: the points of one id lie together. */
  private final long[] sorted;

  /** For each point the first with the same config. */
  private final int[] first;

  private final List<Collision> collisions;

  private RunIdTable(int[] bits, long[] sorted, int[] first, List<Collision> collisions) {
    this.bits = bits;
    this.sorted = sorted;
    this.first = first;
    this.collisions = collisions;
  }

  /** Hashes every point, with all cores where the grid is large. */
  static RunIdTable of(PointTemplate template, int size, RunIdHash hash) {
    int[] bits = new int[size];
    long[] sorted = new long[size];
    IntStream chunks = IntStream.rangeClosed(0, (size - 1) / CHUNK);
    (size > CHUNK ? chunks.parallel() : chunks)
        .forEach(
            chunk -> {
              int end = Math.min(size, (chunk + 1) * CHUNK);
              for (int i = chunk * CHUNK; i < end; i++) {
                bits[i] = hash.bits(template.canonicalJson(i));
                sorted[i] = (long) bits[i] << 32 | i;
              }
            });
    Arrays.sort(sorted);
    Twins twins = new Twins(template, size);
    for (int start = 0; start < size; ) {
      int end = start + 1;
      while (end < size && sorted[end] >> 32 == sorted[start] >> 32) {
        end++;
      }
      if (end - start > 1) {
        twins.compare(Arrays.copyOfRange(sorted, start, end));
      }
      start = end;
    }
    return new RunIdTable(bits, sorted, twins.first, List.copyOf(twins.collisions));
  }

  int bits(int index) {
    return bits[index];
  }

  /** The first point in grid order with the same config. */
  int first(int index) {
    return first[index];
  }

  List<Collision> collisions() {
    return collisions;
  }

  /** The first point in grid order with this id. */
  OptionalInt indexOf(int id) {
    int at = Arrays.binarySearch(sorted, (long) id << 32);
    at = at < 0 ? -at - 1 : at;
    return at < sorted.length && (int) (sorted[at] >> 32) == id
        ? OptionalInt.of((int) sorted[at])
        : OptionalInt.empty();
  }

  /** Parts points of one id into doubles (the same config) and collisions (another one). */
  private static final class Twins {
    private final PointTemplate template;
    private final List<Collision> collisions = new ArrayList<>();
    private final int[] first;

    Twins(PointTemplate template, int size) {
      this.template = template;
      this.first = IntStream.range(0, size).toArray();
    }

    void compare(long[] group) {
      Map<String, Integer> configs = new LinkedHashMap<>();
      for (long element : group) {
        int index = (int) element;
        Integer before =
            configs.putIfAbsent(
                new String(template.canonicalJson(index), StandardCharsets.US_ASCII), index);
        if (before != null) {
          first[index] = before;
        }
      }
      if (configs.size() > 1) {
        List<Integer> indices = List.copyOf(configs.values());
        String runId = HexFormat.of().toHexDigits((int) (group[0] >> 32));
        collisions.add(new Collision(runId, indices, indices.get(0)));
      }
    }
  }
}
