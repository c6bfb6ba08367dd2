package dev.sweeprunner.train.checkpoint;

import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The safetensors format for float32 tensors: eight bytes with the header's length, a JSON header
 * padded with spaces so that the data start at a multiple of eight, then the data in the header's
 * order without holes, all little-endian.
 */
final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final int MAX_HEADER = 100_000_000;
  private static final int CHUNK_FLOATS = 1 << 14;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private Safetensors() {}

  /** Bytes of a file with these tensors. */
  static long size(List<Tensor> tensors) {
    long data = 0;
    for (Tensor tensor : tensors) {
      data += (long) Float.BYTES * tensor.values().length;
    }
    return Long.BYTES + header(tensors).length + data;
  }

  /** Writes a whole file; leaves {@code out} open. */
  static void write(OutputStream out, List<Tensor> tensors) throws IOException {
    byte[] header = header(tensors);
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
    JsonNode header = parse(file, (int) length);
    List<Tensor> tensors = new ArrayList<>();
    long end = 0;
    for (var entry : header.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        Tensor tensor = tensor(entry.getKey(), entry.getValue(), bytes, dataStart, end);
        tensors.add(tensor);
        end += (long) Float.BYTES * tensor.values().length;
      }
    }
    if (dataStart + end != file.length) {
      throw new Malformed("holds " + (file.length - dataStart) + " bytes of data, not " + end);
    }
    return tensors;
  }

  private static byte[] header(List<Tensor> tensors) {
    ObjectNode root = JSON.createObjectNode();
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (Tensor tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
      ObjectNode entry = root.putObject(tensor.name());
      entry.put("dtype", "F32");
      ArrayNode shape = entry.putArray("shape");
      tensor.shape().forEach(shape::add);
      long end = offset + (long) Float.BYTES * tensor.values().length;
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String json = JSON.writeValueAsString(root);
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    int padding = (ALIGNMENT - bytes % ALIGNMENT) % ALIGNMENT;
    return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode parse(byte[] file, int length) throws Malformed {
    if (file[Long.BYTES] != '{') {
      throw new Malformed("has a header that does not start with {");
    }
    try {
      return JSON.readTree(file, Long.BYTES, length);
    } catch (JacksonException e) {
      throw new Malformed("has a header that is no JSON: " + e.getOriginalMessage());
    }
  }

  private static Tensor tensor(
      String name, JsonNode entry, ByteBuffer bytes, int dataStart, long expectedBegin)
      throws Malformed {
    if (!entry.path("dtype").asString("").equals("F32")) {
      throw new Malformed("holds " + name + " as " + entry.path("dtype") + ", not F32");
    }
    List<Integer> shape = new ArrayList<>();
    long elements = 1;
    for (JsonNode size : entry.path("shape")) {
      shape.add(Math.max(size.asInt(-1), 0));
      elements = Math.min(elements * shape.get(shape.size() - 1), Integer.MAX_VALUE);
    }
    JsonNode offsets = entry.path("data_offsets");
    long begin = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
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

  /** A file that is no safetensors file of float32; the message completes "the file …". */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }
}
