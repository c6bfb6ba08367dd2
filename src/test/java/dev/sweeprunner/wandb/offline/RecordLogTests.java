package dev.sweeprunner.wandb.offline;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RecordLogTests {
  private static final int FIRST_BLOCK = 32_768 - 7;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void an_empty_log_is_the_header() throws IOException {
    new RecordLog(out);

    assertThat(hex(out.toByteArray())).isEqualTo("3a572642e1be00");
  }

  @Test
  void short_records_are_full_chunks_with_a_plain_checksum_over_kind_and_data() throws IOException {
    RecordLog log = new RecordLog(out);

    log.append("23456789".getBytes(US_ASCII));
    log.append(new byte[0]);

    // Checksums by Python: zlib.crc32(b"\x01" b"23456789") and zlib.crc32(b"\x01").
    assertThat(hex(out.toByteArray()))
        .isEqualTo(
            "3a572642e1be00" + "f4f9c5e5" + "080001" + "3233343536373839" + "1bdf05a5" + "000001");
  }

  @Test
  void a_long_record_is_cut_into_first_middle_and_last() throws IOException {
    RecordLog log = new RecordLog(out);

    log.append(new byte[FIRST_BLOCK - 7 + (32_768 - 7) + 5]);

    byte[] file = out.toByteArray();
    assertThat(file).hasSize(2 * 32_768 + 7 + 5);
    assertThat(hex(Arrays.copyOfRange(file, 11, 14))).isEqualTo("f27f02");
    assertThat(hex(Arrays.copyOfRange(file, 32_768 + 4, 32_768 + 7))).isEqualTo("f97f03");
    assertThat(hex(Arrays.copyOfRange(file, 65_536 + 4, 65_536 + 7))).isEqualTo("050004");
  }

  @Test
  void seven_bytes_before_the_end_of_a_block_hold_an_empty_first_chunk() throws IOException {
    RecordLog log = new RecordLog(out);
    log.append(new byte[FIRST_BLOCK - 7 - 7]);

    log.append(new byte[] {9});

    byte[] file = out.toByteArray();
    // Checksum by Python: zlib.crc32(b"\x02").
    assertThat(hex(Arrays.copyOfRange(file, 32_761, 32_768))).isEqualTo("a18e0c3c" + "000002");
    assertThat(hex(Arrays.copyOfRange(file, 32_772, file.length))).isEqualTo("01000409");
  }

  @Test
  void six_bytes_before_the_end_of_a_block_are_filled_with_zeros() throws IOException {
    RecordLog log = new RecordLog(out);
    log.append(new byte[FIRST_BLOCK - 7 - 6]);

    log.append(new byte[] {9});

    byte[] file = out.toByteArray();
    assertThat(hex(Arrays.copyOfRange(file, 32_762, 32_768))).isEqualTo("000000000000");
    assertThat(hex(Arrays.copyOfRange(file, 32_772, file.length))).isEqualTo("01000109");
  }

  @Test
  void a_record_that_fills_a_block_exactly_leaves_no_trailer() throws IOException {
    RecordLog log = new RecordLog(out);
    log.append(new byte[FIRST_BLOCK - 7]);

    log.append(new byte[] {9});

    assertThat(out.size()).isEqualTo(32_768 + 8);
    assertThat(RecordLogReader.records(out.toByteArray())).hasSize(2);
  }

  @Test
  void an_independent_reader_gets_every_record_back_around_block_borders() throws IOException {
    long seed = 20_261_123L;
    Random random = new Random(seed);

    for (int round = 0; round < 60; round++) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      RecordLog log = new RecordLog(file);
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        byte[] record = new byte[size(random, file.size())];
        random.nextBytes(record);
        records.add(record);
        log.append(record);
      }

      assertThat(RecordLogReader.records(file.toByteArray()))
          .as("seed %d round %d", seed, round)
          .usingElementComparator(Arrays::compare)
          .containsExactlyElementsOf(records);
    }
  }

  /** Mostly lengths that end a few bytes before or after a border of a block. */
  private static int size(RandomGenerator random, int written) {
    if (random.nextInt(4) == 0) {
      return random.nextInt(100);
    }
    int left = 32_768 - written % 32_768;
    int blocks = random.nextInt(3);
    return Math.max(0, left - 7 + blocks * (32_768 - 7) + random.nextInt(-16, 17));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
