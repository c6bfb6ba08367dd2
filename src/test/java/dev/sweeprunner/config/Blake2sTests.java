package dev.sweeprunner.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Blake2sTests {
  @Test
  void the_example_of_rfc_7693_appendix_b_comes_out() {
    assertThat(hash("abc".getBytes(StandardCharsets.US_ASCII), 32))
        .isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
  }

  /** Bytes 0, 1, 2, … of the given length, by Python's hashlib. */
  @ParameterizedTest
  @CsvSource({
    "0, 32, 69217a3079908094e11121d042354a7c1f55b6482ca1a51e1b250dfd1ed0eef9",
    "0, 4, 36e9d246",
    "1, 4, 943e3009",
    "63, 32, e57cb79487dd57902432b250733813bd96a84efce59f650fac26e6696aefafc3",
    "64, 32, 56f34e8b96557e90c1f24b52d0c89d51086acf1b00f634cf1dde9233b8eaaa3e",
    "64, 4, 7f39702a",
    "65, 32, 1b53ee94aaf34e4b159d48de352c7f0661d0a40edff95a0b1639b4090e974472",
    "127, 20, b326e5f0e03512e436f31111df9c378dca2b3171",
    "128, 32, 1fa877de67259d19863a2a34bcc6962a2b25fcbf5cbecd7ede8f1fa36688a796",
    "129, 4, 0380107f",
    "255, 32, f03f5789d3336b80d002d59fdf918bdb775b00956ed5528e86aa994acb38fe2d",
    "2300, 4, cbf73157",
    "2304, 4, 90658d4b"
  })
  void lengths_around_the_block_come_out(int length, int size, String expected) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) i;
    }

    assertThat(hash(data, size)).isEqualTo(expected);
  }

  @Test
  void the_bits_of_a_run_id_are_its_first_four_bytes_in_order() {
    byte[] data = "abc".getBytes(StandardCharsets.US_ASCII);

    int bits = RunIdHash.BLAKE2S.bits(data);

    assertThat(HexFormat.of().toHexDigits(bits)).isEqualTo(hash(data, 4));
  }

  private static String hash(byte[] data, int size) {
    return HexFormat.of().formatHex(Blake2s.digest(data, size));
  }
}
