package dev.sweeprunner.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.Failure;
import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.LogSummary;
import dev.sweeprunner.run.Origin;
import dev.sweeprunner.run.Owner;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.RecordType;
import dev.sweeprunner.run.ReleaseReason;
import dev.sweeprunner.run.SlurmTask;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTests {
  private static final Owner OWNER =
      new Owner(
          "8d3f9c0e-51f6-4c38-b7ac-2f6f1f6f5a11",
          "cluster-17",
          "local",
          "node042",
          "0123456789abcdef0123456789abcdef",
          "11111111-2222-3333-4444-555555555555",
          4242,
          "1234567",
          "4026531836",
          "jürgen",
          "cuda:0 NVIDIA H100 80GB HBM3",
          new SlurmTask("123", "120", "4", 2, "node042"));

  @ParameterizedTest
  @EnumSource(RecordType.class)
  void a_record_is_read_as_it_was_written(RecordType type) throws UnreadableRecord {
    LogRecord record = record(type, "an ordinary failure");

    byte[] bytes = RecordJson.encode(record);

    assertThat(RecordJson.decode(bytes)).isEqualTo(record);
    assertThat(bytes).hasSizeLessThanOrEqualTo(RecordJson.MAX_BYTES);
    assertThat(bytes).endsWith('\n');
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "\"", "\u0001", "𝄞", "x𝄞", "xx𝄞"})
  void however_long_the_words_a_record_fits_into_two_kibibytes(String letter)
      throws UnreadableRecord {
    String words = letter.repeat(5000);
    Owner wordy =
        new Owner("i", words, words, words, "m", "b", 1, "2", "3", words, words, OWNER.slurm());
    LogRecord record = record(RecordType.FAIL, words);
    LogRecord wordier =
        new LogRecord(
            7,
            RecordType.FAIL,
            "t",
            wordy,
            record.written(),
            record.previousSha256(),
            record.configSha256(),
            3,
            LogRecord.Effect.of(words),
            record.summary());

    byte[] bytes = RecordJson.encode(wordier);

    assertThat(bytes).hasSizeLessThanOrEqualTo(RecordJson.MAX_BYTES);
    assertThat(RecordJson.decode(bytes).summary().checkpoint())
        .isEqualTo(record.summary().checkpoint());
    assertThat(new String(bytes, StandardCharsets.UTF_8)).doesNotContain("\ufffd", "?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "\"", "\u0001", "𝄞"})
  void what_a_run_began_with_is_kept_whole_however_long_the_other_words(String letter)
      throws UnreadableRecord {
    String words = letter.repeat(5000);
    LogRecord record = record(RecordType.FAIL, words);
    PublishedCheckpoint plain = Workers.checkpoint(1_000_000, 3);
    PublishedCheckpoint imported =
        new PublishedCheckpoint(
            plain.iter(),
            plain.epoch(),
            plain.name(),
            plain.manifestSha256(),
            plain.permanent(),
            plain.from(),
            plain.part(),
            plain.partSha256(),
            plain.partRows(),
            new Origin(words, 240));
    LogRecord based =
        new LogRecord(
            7,
            RecordType.FAIL,
            "t",
            new Owner("i", words, words, words, "m", "b", 1, "2", "3", words, words, OWNER.slurm()),
            record.written(),
            record.previousSha256(),
            record.configSha256(),
            3,
            LogRecord.Effect.of(words),
            record.summary().published(imported));

    byte[] bytes = RecordJson.encode(based);

    assertThat(bytes).hasSizeLessThanOrEqualTo(RecordJson.MAX_BYTES);
    assertThat(RecordJson.decode(bytes).summary().checkpoint()).isEqualTo(imported);
  }

  @Test
  void members_that_a_later_program_adds_are_ignored() throws UnreadableRecord {
    LogRecord record = record(RecordType.CLAIM, "");
    String json = new String(RecordJson.encode(record), StandardCharsets.UTF_8);
    String extended = json.replaceFirst("\\{\"v\":1,", "{\"v\":1,\"more\":[{\"x\":null},1.5],");

    assertThat(RecordJson.decode(extended.getBytes(StandardCharsets.UTF_8))).isEqualTo(record);
  }

  @Test
  void a_newer_version_is_told_apart_from_damage() {
    String json =
        new String(RecordJson.encode(record(RecordType.CLAIM, "")), StandardCharsets.UTF_8);
    byte[] newer = json.replaceFirst("\"v\":1", "\"v\":2").getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> RecordJson.decode(newer))
        .isInstanceOfSatisfying(UnreadableRecord.class, e -> assertThat(e.newer()).isTrue());
  }

  @Test
  void every_cut_of_a_record_is_damage_and_nothing_else() {
    byte[] whole = RecordJson.encode(record(RecordType.FINISH, "x"));

    for (int length = 0; length < whole.length - 1; length++) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> RecordJson.decode(part))
          .isInstanceOfSatisfying(UnreadableRecord.class, e -> assertThat(e.newer()).isFalse());
    }
  }

  @Test
  void a_beat_is_always_as_long_and_reads_as_written() {
    BeatText beat = new BeatText(7, 1_000_000, "train");

    assertThat(beat.bytes()).hasSize(96);
    assertThat(BeatText.parse(new String(beat.bytes(), StandardCharsets.UTF_8))).isEqualTo(beat);
    assertThat(new BeatText(1, 2, "long".repeat(99)).bytes()).hasSize(96);
    assertThat(BeatText.parse("")).isEqualTo(new BeatText(0, -1, ""));
  }

  private static LogRecord record(RecordType type, String words) {
    LogSummary summary =
        new LogSummary(
            4,
            2,
            1,
            1,
            2,
            List.of("node042", "node7"),
            Workers.checkpoint(1_000_000, 3),
            new Failure(FailureClass.OOM, words, "node042"),
            true);
    LogRecord.Effect effect =
        switch (type) {
          case RELEASE -> new LogRecord.Effect(ReleaseReason.LOST_RACE, "later", null);
          case FINISH -> new LogRecord.Effect(null, "", Workers.finish(1_000_000));
          default -> LogRecord.Effect.of("how");
        };
    return new LogRecord(
        7,
        type,
        "8d3f9c0e-51f6-4c38-b7ac-2f6f1f6f5a12",
        OWNER,
        Instant.parse("2026-11-23T12:00:00.123456789Z"),
        "ab".repeat(32),
        "cd".repeat(32),
        3,
        effect,
        summary);
  }
}
