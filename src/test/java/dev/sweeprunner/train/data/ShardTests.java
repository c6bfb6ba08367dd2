package dev.sweeprunner.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTests {
  @TempDir Path folder;

  @Test
  void both_formats_are_read_alike() throws IOException {
    Shard wide = Shard.open(ShardFiles.wide(folder.resolve("wide.bin"), 3, 70_000, 1, 2));
    Shard narrow = Shard.open(ShardFiles.narrow(folder.resolve("narrow.bin"), 3, 65_000, 1, 2));
    int[] read = new int[8];

    wide.read(1, 3, read, 0, 100_000);
    narrow.read(0, 4, read, 4, 100_000);

    assertThat(read).containsExactly(70_000, 1, 2, 0, 3, 65_000, 1, 2);
    assertThat(wide.tokens()).isEqualTo(4);
  }

  @Test
  void a_stream_goes_across_shards_and_around_the_end() throws IOException {
    Path first = ShardFiles.wide(folder.resolve("a.bin"), 0, 1, 2);
    Path second = ShardFiles.narrow(folder.resolve("b.bin"), 3, 4);
    TokenStream stream = new TokenStream(List.of(first, second), 5);

    int[] read = new int[9];
    stream.read(2, 9, read);

    assertThat(read).containsExactly(2, 3, 4, 0, 1, 2, 3, 4, 0);
    assertThat(stream.length()).isEqualTo(5);
    assertThat(stream.offset(0, 4)).isZero();
    assertThat(stream.offset(3, 4)).isEqualTo(2);
    assertThat(stream.offset(1_000_000_000_001L, 4)).isEqualTo(4);
  }

  @Test
  void a_wrong_magic_is_named_with_file_and_offset() throws IOException {
    Path file = folder.resolve("odd.bin");
    Files.write(file, ShardFiles.header(7, 1, 1, 4).array());

    assertDamaged(file, "odd.bin, byte 0: magic 7 is neither 20251013 nor 20240520.");
  }

  @Test
  void a_wrong_version_is_named() throws IOException {
    Path file = folder.resolve("new.bin");
    Files.write(file, ShardFiles.header(20251013, 2, 1, 4).array());

    assertDamaged(file, "new.bin, byte 4: version 2 is not 1.");
  }

  @Test
  void a_count_below_one_is_named() throws IOException {
    Path file = folder.resolve("none.bin");
    Files.write(file, ShardFiles.header(20251013, 1, -3, 0).array());

    assertDamaged(file, "none.bin, byte 8: token count -3 is not positive.");
  }

  @Test
  void a_file_cut_short_is_named_with_the_length_it_should_have() throws IOException {
    Path file = ShardFiles.wide(folder.resolve("cut.bin"), 1, 2, 3);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1030));

    assertDamaged(file, "cut.bin, byte 1030: the file has 1030 bytes, but its header means 1036.");
  }

  @Test
  void a_file_longer_than_its_header_says_is_refused() throws IOException {
    Path file = ShardFiles.narrow(folder.resolve("long.bin"), 1, 2, 3);
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 1032));

    assertDamaged(file, "long.bin, byte 1030: the file has 1032 bytes, but its header means 1030.");
  }

  @Test
  void a_file_that_ends_inside_its_header_is_named() throws IOException {
    Path file = Files.write(folder.resolve("stub.bin"), new byte[40]);

    assertDamaged(file, "stub.bin, byte 40: the file ends inside its header of 1024 bytes.");
  }

  @Test
  void a_token_outside_the_vocabulary_is_named_with_its_byte() throws IOException {
    Shard wide = Shard.open(ShardFiles.wide(folder.resolve("wide.bin"), 1, 2, 5));
    Shard huge = Shard.open(ShardFiles.wide(folder.resolve("huge.bin"), -1));
    Shard narrow = Shard.open(ShardFiles.narrow(folder.resolve("narrow.bin"), 1, 65_535));
    int[] read = new int[3];

    assertThatThrownBy(() -> wide.read(0, 3, read, 0, 5))
        .isInstanceOf(TrainingFailure.class)
        .hasMessageEndingWith("wide.bin, byte 1032: token 5 is not below vocabulary size 5.");
    assertThatThrownBy(() -> huge.read(0, 1, read, 0, 5))
        .hasMessageEndingWith("byte 1024: token 4294967295 is not below vocabulary size 5.");
    assertThatThrownBy(() -> narrow.read(0, 2, read, 0, 5))
        .hasMessageEndingWith("byte 1026: token 65535 is not below vocabulary size 5.");
  }

  @Test
  void a_file_that_cannot_be_read_counts_against_the_node() {
    assertThatThrownBy(() -> Shard.open(folder.resolve("gone.bin")))
        .isInstanceOfSatisfying(
            TrainingFailure.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.INFRA));
  }

  private static void assertDamaged(Path file, String message) {
    assertThatThrownBy(() -> Shard.open(file))
        .isInstanceOfSatisfying(
            TrainingFailure.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.DATA))
        .hasMessageEndingWith(message);
  }
}
