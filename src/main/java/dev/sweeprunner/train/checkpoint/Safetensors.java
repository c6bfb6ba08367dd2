package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.Json;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors format as this program writes it, for float32 tensors: eight bytes with the
 * header's length, a JSON header padded with spaces so that the data start at a multiple of eight,
 * then the data in the header's order without holes, all little-endian. {@link SafetensorsFile}
 * reads what others wrote.
 */
public final class Safetensors {
  static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;
  private static final int MAX_HEADER = 100_000_000;
  private static final int CHUNK_FLOATS = 1 << 14;

  private Safetensors() {}

  /** Writes a whole file; leaves {@code out} open. */
  static void write(OutputStream out, List<Tensor> tensors) throws IOException {
    write(out, tensors, Map.of());
  }

  /**
   * The same with words for readers, {@code __metadata__}, in the header.
   *
   * @param metadata left out where it is empty
   */
  public static void write(OutputStream out, List<Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = header(tensors, metadata);
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors) {
      float[] values = tensor.values();
      for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
        int count = Math.min(CHUNK_FLOATS, values.length - from);
        chunk.asFloatBuffer().put(values, from, count);
        out.write(chunk.array(), 0, count * Float.BYTES);
      }
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws Malformed if it breaks a rule of the format or holds anything but float32
   */
  static List<Tensor> read(byte[] file) throws Malformed {
    if (file.length < Long.BYTES) {
      throw new Malformed("is shorter than its length field");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long length = bytes.getLong();
    if (length < 2 || length > MAX_HEADER || length > file.length - Long.BYTES) {
      throw new Malformed("names a header of " + length + " bytes");
    }
    int dataStart = Long.BYTES + (int) length;
    Fields header = parse(file, (int) length);
    List<Tensor> tensors = new ArrayList<>();
    long end = 0;
    for (String name : header.members().keySet()) {
      if (!name.equals(METADATA)) {
        Tensor tensor = tensor(name, header.objectOrNull(name), bytes, dataStart, end);
        tensors.add(tensor);
        end += (long) Float.BYTES * tensor.values().length;
      }
    }
    if (dataStart + end != file.length) {
      throw new Malformed("holds " + (file.length - dataStart) + " bytes of data, not " + end);
    }
    return tensors;
  }

  private static byte[] header(List<Tensor> tensors, Map<String, String> metadata) {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      root.put(METADATA, metadata);
    }
    long offset = 0;
    for (Tensor tensor : tensors) {
      long end = offset + (long) Float.BYTES * tensor.values().length;
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", "F32");
      entry.put("shape", tensor.shape());
      entry.put("data_offsets", List.of(offset, end));
      if (root.put(tensor.name(), entry) != null) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
      offset = end;
    }
    String json = new String(Json.bytes(root), StandardCharsets.UTF_8).stripTrailing();
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    int padding = (ALIGNMENT - bytes % ALIGNMENT) % ALIGNMENT;
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static Fields parse(byte[] file, int length) throws Malformed {
    if (file[Long.BYTES] != '{') {
      throw new Malformed("has a header that does not start with {");
    }
    try {
      byte[] header = Arrays.copyOfRange(file, Long.BYTES, Long.BYTES + length);
      return new Fields(Json.objectOfDistinct(header));
    } catch (UnreadableJson e) {
      throw new Malformed("has a header that is no JSON: " + e.getMessage());
    }
  }

  private static Tensor tensor(
      String name, @Nullable Fields entry, ByteBuffer bytes, int dataStart, long expectedBegin)
      throws Malformed {
    String dtype = entry == null ? "" : entry.textOr("dtype", "");
    if (entry == null || !dtype.equals("F32")) {
      throw new Malformed("holds " + name + " as " + dtype + ", not F32");
    }
    List<Integer> shape = new ArrayList<>();
    long elements = 1;
    for (long size : numbers(entry, "shape")) {
      shape.add((int) Math.max(Math.min(size, Integer.MAX_VALUE), 0));
      elements = Math.min(elements * shape.get(shape.size() - 1), Integer.MAX_VALUE);
    }
    List<Long> offsets = numbers(entry, "data_offsets");
    long begin = offsets.size() == 2 ? offsets.get(0) : -1;
    long end = offsets.size() == 2 ? offsets.get(1) : -1;
    if (begin != expectedBegin || end - begin != elements * Float.BYTES) {
      throw new Malformed(
          "places " + name + " at " + offsets + ", which overlaps or leaves a hole");
    }
    if (dataStart + end > bytes.capacity()) {
      throw new Malformed("ends inside " + name);
    }
    float[] values = new float[(int) elements];
    bytes
        .slice(dataStart + (int) begin, (int) (end - begin))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(name, shape, values);
  }

  /** What is no integer becomes -1, which no size and no offset is. */
  private static List<Long> numbers(Fields entry, String name) {
    List<Long> numbers = new ArrayList<>();
    if (entry.members().get(name) instanceof List<?> list) {
      list.forEach(number -> numbers.add(number instanceof Long value ? value : -1L));
    }
    return numbers;
  }

  /** A file that is none that we read; the message completes "the file …". */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }
}
