package dev.sweeprunner.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.train.model.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SafetensorsTests {
  private static final Tensor MATRIX =
      new Tensor("w", List.of(2, 3), new float[] {1, -2, 0.5f, Float.MIN_VALUE, -0f, 1e30f});
  private static final Tensor VECTOR = new Tensor("long.name", List.of(1), new float[] {7});

  @Test
  void a_file_is_what_the_format_says_byte_for_byte() throws IOException {
    byte[] file = write(List.of(VECTOR));

    String header = "{\"long.name\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    assertThat(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong()).isEqualTo(64);
    assertThat(new String(file, 8, 64, StandardCharsets.UTF_8)).isEqualTo(header + "  ");
    assertThat(HexFormat.of().formatHex(file, 72, 76)).isEqualTo("0000e040");
    assertThat(file).hasSize(76);
  }

  @Test
  void data_start_at_a_multiple_of_eight_whatever_the_names() throws IOException {
    for (int length = 1; length < 20; length++) {
      byte[] file = write(List.of(new Tensor("n".repeat(length), List.of(1), new float[1])));

      assertThat((file.length - 4) % 8).isZero();
    }
  }

  @Test
  void what_was_written_is_read_back_bit_for_bit() throws Exception {
    float[] many = new float[40_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = Float.intBitsToFloat(i * 0x9E3779B1);
    }
    List<Tensor> tensors =
        List.of(MATRIX, VECTOR, new Tensor("many", List.of(200, 200), many), empty());

    List<Tensor> read = Safetensors.read(write(tensors));

    assertThat(read).extracting(Tensor::name).containsExactly("w", "long.name", "many", "none");
    assertThat(read)
        .extracting(Tensor::shape)
        .containsExactly(List.of(2, 3), List.of(1), List.of(200, 200), List.of(0, 4));
    for (int i = 0; i < tensors.size(); i++) {
      assertThat(bits(read.get(i).values())).isEqualTo(bits(tensors.get(i).values()));
    }
  }

  @Test
  void metadata_are_passed_over() throws Exception {
    byte[] file =
        file("{\"__metadata__\":{\"a\":\"b\"},\"x\":" + entry("F32", "[1]", "[0,4]") + "}", 4);

    assertThat(Safetensors.read(file)).extracting(Tensor::name).containsExactly("x");
  }

  @Test
  void broken_files_are_refused_with_what_is_wrong() throws IOException {
    String x = "{\"x\":";
    assertMalformed(new byte[5], "shorter than its length field");
    assertMalformed(file("[1]", 0), "does not start with {");
    assertMalformed(file("{oh}", 0), "no JSON");
    assertMalformed(file(x + entry("F16", "[2]", "[0,4]") + "}", 4), "not F32");
    assertMalformed(file(x + entry("F32", "[2]", "[0,4]") + "}", 4), "overlaps or leaves a hole");
    assertMalformed(file(x + entry("F32", "[1]", "[4,8]") + "}", 8), "overlaps or leaves a hole");
    assertMalformed(
        file(x + entry("F32", "[1]", "[0,4]") + ",\"y\":" + entry("F32", "[1]", "[0,4]") + "}", 4),
        "overlaps or leaves a hole");
    assertMalformed(file(x + entry("F32", "[1]", "[0,4]") + "}", 8), "8 bytes of data, not 4");
    assertMalformed(file(x + entry("F32", "[4]", "[0,16]") + "}", 8), "ends inside x");
    assertMalformed(
        file(x + entry("F32", "[1]", "[0,4]") + ",\"x\":" + entry("F32", "[1]", "[4,8]") + "}", 8),
        "no JSON");
    byte[] longHeader = write(List.of(VECTOR));
    longHeader[3] = 1;
    assertMalformed(longHeader, "names a header of 16777280 bytes");
  }

  @Test
  void two_tensors_of_one_name_are_never_written() {
    assertThatThrownBy(() -> write(List.of(VECTOR, VECTOR))).hasMessageContaining("long.name");
  }

  private static Tensor empty() {
    return new Tensor("none", List.of(0, 4), new float[0]);
  }

  private static void assertMalformed(byte[] file, String message) {
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(Safetensors.Malformed.class)
        .hasMessageContaining(message);
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
  }

  private static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static byte[] write(List<Tensor> tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors);
    return out.toByteArray();
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
