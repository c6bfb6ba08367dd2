package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.train.checkpoint.Safetensors.Malformed;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file of anybody's: the header is read and checked when it is opened, a tensor's
 * numbers when they are asked for, so that the file may be larger than memory.
 *
 * <p>Held to the format: the data are covered without holes or overlaps, in any order, and a tensor
 * has the bytes that its shape says. Numbers are F32, F16 or BF16, and become float32 exactly.
 * Bytes that the file says it has and has not are {@link Malformed}, never memory that is read
 * beyond.
 *
 * <p>Belongs to one thread. Closing leaves the file as it is.
 */
public final class SafetensorsFile implements AutoCloseable {
  private static final int MAX_HEADER = 100_000_000;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final String METADATA = "__metadata__";
  private static final Map<String, Integer> BYTES_EACH =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("I64", 8),
          Map.entry("U64", 8),
          Map.entry("F32", 4),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("I8", 1),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));

  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, Entry> entries;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      FileChannel channel,
      long dataStart,
      Map<String, Entry> entries,
      Map<String, String> metadata) {
    this.channel = channel;
    this.dataStart = dataStart;
    this.entries = entries;
    this.metadata = metadata;
  }

  /**
   * What the header says of a tensor.
   *
   * @param dtype such as {@code F32}
   * @param shape sizes, row-major; empty for a single number
   * @param begin its first byte, counted from where the data begin
   * @param end the byte behind its last
   */
  public record Entry(String dtype, List<Long> shape, long begin, long end) {
    /** How many numbers it has. */
    public long numbers() {
      return shape.stream().reduce(1L, SafetensorsFile::product);
    }
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read
   * @throws Malformed if it breaks a rule of the format
   */
  public static SafetensorsFile open(Path file) throws IOException, Malformed {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return read(channel);
    } catch (IOException | Malformed | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The tensors by name, in the header's order. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** The strings that its writer left, {@code __metadata__}; mostly empty. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * A tensor's numbers.
   *
   * @throws Malformed if there is none of that name, or it holds other than F32, F16 or BF16, more
   *     numbers than an array can, or the file has become shorter
   */
  public Tensor tensor(String name) throws IOException, Malformed {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new Malformed("has no tensor " + name);
    }
    if (!entry.dtype.endsWith("F16") && !entry.dtype.equals("F32")) {
      throw new Malformed("holds " + name + " as " + entry.dtype + ", not F32, F16 or BF16");
    }
    if (entry.numbers() > Integer.MAX_VALUE - 8) {
      throw new Malformed("holds " + entry.numbers() + " numbers in " + name + ": too many");
    }
    float[] values = new float[(int) entry.numbers()];
    int width = bytesEach(entry.dtype);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int done = 0;
    while (done < values.length) {
      int count = Math.min(values.length - done, CHUNK_BYTES / width);
      chunk.clear().limit(count * width);
      fill(channel, chunk, dataStart + entry.begin + (long) done * width, "ends inside " + name);
      convert(entry.dtype, chunk.flip(), values, done, count);
      done += count;
    }
    return new Tensor(name, entry.shape.stream().map(Long::intValue).toList(), values);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static SafetensorsFile read(FileChannel channel) throws IOException, Malformed {
    ByteBuffer field = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, field, 0, "is shorter than its length field");
    long length = field.getLong(0);
    long data = channel.size() - Long.BYTES - length;
    if (length < 2 || length > MAX_HEADER || data < 0) {
      throw new Malformed("names a header of " + length + " bytes");
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    fill(channel, json, Long.BYTES, "ends inside its header");
    Fields header = parse(json.array());
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String name : header.members().keySet()) {
      if (!name.equals(METADATA)) {
        entries.put(name, entry(name, header.objectOrNull(name)));
      }
    }
    requireCovered(entries, data);
    return new SafetensorsFile(channel, Long.BYTES + length, entries, metadata(header));
  }

  private static Fields parse(byte[] header) throws Malformed {
    if (header[0] != '{') {
      throw new Malformed("has a header that does not start with {");
    }
    try {
      return new Fields(Json.objectOfDistinct(header));
    } catch (UnreadableJson e) {
      throw new Malformed("has a header that is no JSON: " + e.getMessage());
    }
  }

  private static Map<String, String> metadata(Fields header) {
    Map<String, String> strings = new LinkedHashMap<>();
    Fields members = header.objectOrNull(METADATA);
    if (members != null) {
      members.members().forEach((name, value) -> strings.put(name, String.valueOf(value)));
    }
    return strings;
  }

  private static Entry entry(String name, @Nullable Fields fields) throws Malformed {
    List<Long> shape = fields == null ? null : sizes(fields, "shape");
    List<Long> offsets = fields == null ? null : sizes(fields, "data_offsets");
    if (fields == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new Malformed("does not say dtype, shape and place of " + name);
    }
    String dtype = fields.textOr("dtype", "");
    Entry entry = new Entry(dtype, shape, offsets.get(0), offsets.get(1));
    long bytes = entry.end - entry.begin;
    int each = bytesEach(dtype);
    if (bytes < 0 || (each > 0 && product(entry.numbers(), each) != bytes)) {
      throw new Malformed(
          "has " + bytes + " bytes for " + name + ", whose shape is " + dtype + shape);
    }
    return entry;
  }

  /** All bytes belong to one tensor each. */
  private static void requireCovered(Map<String, Entry> entries, long data) throws Malformed {
    List<Map.Entry<String, Entry>> placed = new ArrayList<>(entries.entrySet());
    placed.sort(
        Comparator.comparing((Map.Entry<String, Entry> e) -> e.getValue().begin)
            .thenComparing(e -> e.getValue().end));
    long end = 0;
    for (Map.Entry<String, Entry> next : placed) {
      Entry entry = next.getValue();
      if (entry.begin != end) {
        throw new Malformed(
            "places "
                + next.getKey()
                + " at byte "
                + entry.begin
                + ", which overlaps or leaves a hole");
      }
      end = entry.end;
      if (end > data) {
        throw new Malformed("ends inside " + next.getKey());
      }
    }
    if (end != data) {
      throw new Malformed("holds " + data + " bytes of data, not " + end);
    }
  }

  /** Null where it is no list of whole numbers from 0 on. */
  private static @Nullable List<Long> sizes(Fields fields, String name) {
    if (!(fields.members().get(name) instanceof List<?> list)) {
      return null;
    }
    List<Long> sizes = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Long size) || size < 0) {
        return null;
      }
      sizes.add(size);
    }
    return List.copyOf(sizes);
  }

  private static int bytesEach(String dtype) {
    return BYTES_EACH.getOrDefault(dtype, 0);
  }

  /** Of numbers from 0 on; what is too large stays so. */
  private static long product(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }

  private static void fill(FileChannel channel, ByteBuffer to, long from, String ifShort)
      throws IOException, Malformed {
    long at = from;
    while (to.hasRemaining()) {
      int count = channel.read(to, at);
      if (count < 0) {
        throw new Malformed(ifShort);
      }
      at += count;
    }
  }

  private static void convert(String dtype, ByteBuffer from, float[] to, int at, int count) {
    if (dtype.equals("F32")) {
      from.asFloatBuffer().get(to, at, count);
      return;
    }
    boolean brain = dtype.equals("BF16");
    for (int i = 0; i < count; i++) {
      short bits = from.getShort(Short.BYTES * i);
      to[at + i] = brain ? Float.intBitsToFloat(bits << 16) : half(bits);
    }
  }

  /** A number of IEEE 754's binary16; float32 holds them all. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    if (exponent == 31) {
      return Float.intBitsToFloat(sign | 0x7F800000 | fraction << 13);
    }
    float size =
        exponent == 0 ? fraction * 0x1.0p-24f : Math.scalb(1024f + fraction, exponent - 25);
    return sign == 0 ? size : -size;
  }
}
