package dev.sweeprunner.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.train.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTests {
  @TempDir private Path folder;

  @Test
  void what_this_program_writes_is_read_tensor_by_tensor() throws Exception {
    float[] many = new float[400_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    List<Tensor> tensors =
        List.of(
            new Tensor("many", List.of(4, 100_000), many),
            new Tensor("none", List.of(0, 4), new float[0]),
            new Tensor("one", List.of(1), new float[] {7}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors);

    try (SafetensorsFile file = SafetensorsFile.open(stored(out.toByteArray()))) {
      assertThat(file.entries().keySet()).containsExactly("many", "none", "one");
      for (Tensor tensor : tensors) {
        Tensor read = file.tensor(tensor.name());
        assertThat(read.shape()).isEqualTo(tensor.shape());
        assertThat(read.values()).isEqualTo(tensor.values());
      }
    }
  }

  @Test
  void halves_of_both_kinds_become_the_same_numbers_in_float32() throws Exception {
    byte[] data = shorts(0x3C00, 0xC000, 0x0001, 0x7BFF, 0xFC00, 0x3F80, 0xC2F7, 0x0001);
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},\"brain\":%s,\"half\":%s}"
            .formatted(entry("BF16", "[3]", 10, 16), entry("F16", "[5,1]", 0, 10));

    try (SafetensorsFile file = SafetensorsFile.open(stored(header, data))) {
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.tensor("half").values())
          .containsExactly(1, -2, 0x1.0p-24f, 65504, Float.NEGATIVE_INFINITY);
      assertThat(file.tensor("half").shape()).containsExactly(5, 1);
      assertThat(file.tensor("brain").values())
          .containsExactly(1, -123.5f, Float.intBitsToFloat(1 << 16));
    }
  }

  @Test
  void a_tensor_of_whole_numbers_is_known_and_cannot_be_read() throws Exception {
    String header = "{\"mask\":%s,\"x\":%s}".formatted(entry("U8", "[4]", 0, 4), one(4));

    try (SafetensorsFile file = SafetensorsFile.open(stored(header, new byte[8]))) {
      assertThat(file.entries())
          .hasEntrySatisfying("mask", entry -> assertThat(entry.dtype()).isEqualTo("U8"));
      assertThat(file.tensor("x").shape()).isEmpty();
      assertThatThrownBy(() -> file.tensor("mask"))
          .hasMessage("holds mask as U8, not F32, F16 or BF16");
      assertThatThrownBy(() -> file.tensor("y")).hasMessage("has no tensor y");
    }
  }

  @Test
  void what_breaks_a_rule_is_refused_before_a_number_is_read() throws IOException {
    assertMalformed(new byte[5], "shorter than its length field");
    assertMalformed(bytes("[1]", new byte[0]), "does not start with {");
    assertMalformed(bytes("{oh}", new byte[0]), "no JSON");
    assertMalformed(x(entry("F32", "[2]", 0, 4), 4), "has 4 bytes for x, whose shape is F32[2]");
    assertMalformed(x(entry("F32", "[4611686018427387904,4]", 0, 0), 0), "has 0 bytes for x");
    assertMalformed(x(entry("F32", "[-1]", 0, 4), 4), "does not say dtype, shape and place of x");
    assertMalformed(x(entry("F32", "[1.5]", 0, 4), 4), "does not say dtype, shape and place of x");
    assertMalformed(x("{\"dtype\":\"F32\",\"shape\":[1]}", 4), "does not say dtype");
    assertMalformed(x("7", 4), "does not say dtype");
    assertMalformed(x(entry("F32", "[1]", 4, 8), 8), "places x at byte 4");
    assertMalformed(x(entry("F32", "[4]", 0, 16), 8), "ends inside x");
    assertMalformed(x(entry("F32", "[1]", 0, 4), 9), "holds 9 bytes of data, not 4");
    assertMalformed(
        x(entry("F32", "[1]", 0, 4) + ",\"y\":" + entry("F32", "[1]", 0, 4), 4), "places");
    byte[] longHeader = x(entry("F32", "[1]", 0, 4), 4);
    longHeader[7] = 1;
    assertMalformed(longHeader, "names a header of ");
  }

  @Test
  void a_file_that_is_cut_while_it_is_open_is_told_of() throws Exception {
    Path path = stored(x(entry("F32", "[2]", 0, 8), 8));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      byte[] whole = Files.readAllBytes(path);
      Files.write(path, Arrays.copyOf(whole, whole.length - 1));

      assertThatThrownBy(() -> file.tensor("x")).hasMessage("ends inside x");
    }
  }

  private void assertMalformed(byte[] content, String message) throws IOException {
    Path path = stored(content);
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(Safetensors.Malformed.class)
        .hasMessageContaining(message);
  }

  private static String one(int at) {
    return entry("F32", "[]", at, at + 4);
  }

  private static String entry(String dtype, String shape, int begin, int end) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(dtype, shape, begin, end);
  }

  private static byte[] x(String entry, int data) {
    return bytes("{\"x\":" + entry + "}", new byte[data]);
  }

  private Path stored(String header, byte[] data) throws IOException {
    return stored(bytes(header, data));
  }

  private Path stored(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.safetensors"), content);
  }

  private static byte[] bytes(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }
}
