package dev.sweeprunner.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.testkit.Delegating;
import dev.sweeprunner.testkit.MortalFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextShardsTests {
  private static final int HEADER = 1024;

  @TempDir Path folder;

  private Path text(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static TextShards shards(int most) {
    return new TextShards(new LocalFiles(), "token", done -> {}, most);
  }

  private TextShards.Made make(Path... texts) {
    return shards(100).make(List.of(texts), folder.resolve("data"), 0);
  }

  /** The tokens of all files of one kind, as text. */
  private String tokens(String kind) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String name : names("data")) {
      if (name.startsWith(kind)) {
        byte[] file = Files.readAllBytes(folder.resolve("data").resolve(name));
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(in.getInt(0)).isEqualTo(20240520);
        assertThat(in.getInt(4)).isEqualTo(1);
        assertThat(in.getInt(8)).isEqualTo((file.length - HEADER) / 2);
        in.position(HEADER);
        while (in.hasRemaining()) {
          all.append((char) in.getShort());
        }
      }
    }
    return all.toString();
  }

  private List<String> names(String of) throws IOException {
    try (Stream<Path> names = Files.list(folder.resolve(of))) {
      return names.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void the_end_of_each_text_is_kept_for_validation() throws IOException {
    Path one = text("one", "abcdefghij");
    Path two = text("two", "ABCDE");

    TextShards.Made made = shards(100).make(List.of(one, two), folder.resolve("data"), 0.2);

    assertThat(made).isEqualTo(new TextShards.Made(12, 3, 2));
    assertThat(tokens("train")).isEqualTo("abcdefghABCD");
    assertThat(tokens("val")).isEqualTo("ijE");
    assertThat(names(".")).containsExactly("data", "one", "two");
  }

  @Test
  void a_token_is_a_byte_whatever_the_letter() throws IOException {
    Path one = text("one", "ü\u007f");

    make(one);

    assertThat(tokens("train").chars()).containsExactly(0xC3, 0xBC, 0x7F);
  }

  @Test
  void many_tokens_take_several_files_that_follow_one_another() throws IOException {
    Path one = text("one", "abcdefg");
    Path two = text("two", "hijk");

    TextShards.Made made = shards(3).make(List.of(one, two), folder.resolve("data"), 0.3);

    assertThat(names("data"))
        .containsExactly(
            "train_000000.bin", "train_000001.bin", "train_000002.bin", "val_000000.bin");
    assertThat(made.shards()).isEqualTo(4);
    assertThat(tokens("train")).isEqualTo("abcdehij");
    assertThat(tokens("val")).isEqualTo("fgk");
  }

  @Test
  void what_is_no_text_is_refused_with_the_place_and_nothing_is_made() throws IOException {
    Path good = text("good", "abc");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {65, 66, 0, 67});
    Path empty = text("empty", "");
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> make(good, binary))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("binary: byte 2 is zero, so it is no text");
    assertThatThrownBy(() -> make(good, empty)).hasMessageContaining("empty: it is empty");
    assertThatThrownBy(() -> make(missing)).hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> make(folder)).hasMessageContaining("it is no file");
    assertThat(names(".")).containsExactly("binary", "empty", "good");
  }

  @Test
  void a_folder_with_something_in_it_is_never_touched() throws IOException {
    Path one = text("one", "abc");
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.writeString(data.resolve("mine"), "x");

    assertThatThrownBy(() -> make(one)).hasMessageContaining("this folder is there already");
    assertThat(names("data")).containsExactly("mine");
  }

  @Test
  void a_full_disk_is_told_in_one_sentence_and_leaves_nothing() throws IOException {
    Path one = text("one", "abc");
    Delegating full =
        new Delegating(new LocalFiles()) {
          @Override
          public void create(Path file, Content content) throws IOException {
            throw new java.nio.file.FileSystemException(
                file.toString(), null, "No space left on device");
          }
        };

    assertThatThrownBy(
            () ->
                new TextShards(full, "token", done -> {})
                    .make(List.of(one), folder.resolve("data"), 0))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("No space left on device. Make room");
    assertThat(names(".")).containsExactly("one");
  }

  @Test
  void a_kill_anywhere_leaves_no_folder_of_that_name_and_the_next_call_makes_it() throws Exception {
    Path one = text("one", "abcdefg");
    int kills = 0;
    for (int changes = 0; !Files.exists(folder.resolve("data")); changes++) {
      MortalFiles files = new MortalFiles(changes);
      try {
        new TextShards(files, "t" + changes, done -> {}, 3)
            .make(List.of(one), folder.resolve("data"), 0.3);
      } catch (MortalFiles.Killed killed) {
        kills++;
        assertThat(folder.resolve("data")).doesNotExist();
      }
    }

    assertThat(kills).isGreaterThan(6);
    assertThat(tokens("train") + tokens("val")).isEqualTo("abcdefg");
  }

  @Test
  void of_two_calls_at_once_at_most_one_makes_the_folder_and_it_is_whole() throws IOException {
    for (int step = 0; step < 12; step++) {
      Path data = folder.resolve("data");
      Path one = text("one", "abcdefg");
      Rival rival = new Rival(step, () -> shards(3).make(List.of(one), data, 0.3));
      boolean made =
          succeeds(
              () -> new TextShards(rival, "mine", done -> {}, 3).make(List.of(one), data, 0.3));

      assertThat(made && rival.made).as("step " + step).isFalse();
      assertThat(made || rival.made).as("step " + step).isTrue();
      assertThat(tokens("train") + tokens("val")).as("step " + step).isEqualTo("abcdefg");
      new LocalFiles().deleteTree(data);
    }
  }

  private static boolean succeeds(Runnable work) {
    try {
      work.run();
      return true;
    } catch (UserError refused) {
      return false;
    }
  }

  /** Another process does all of its work between two changes of this one. */
  private static final class Rival extends Delegating {
    private final Runnable work;
    private int left;
    private boolean made;

    Rival(int after, Runnable work) {
      super(new LocalFiles());
      this.left = after;
      this.work = work;
    }

    @Override
    protected void change() {
      if (left-- == 0) {
        made = succeeds(work);
      }
    }
  }

  @Test
  void progress_goes_up_to_all_bytes() throws IOException {
    Path one = text("one", "x".repeat(200_000));
    long[] last = {0};
    LongConsumer progress =
        done -> {
          assertThat(done).isGreaterThan(last[0]);
          last[0] = done;
        };

    new TextShards(new LocalFiles(), "token", progress)
        .make(List.of(one), folder.resolve("data"), 0.1);

    assertThat(last[0]).isEqualTo(200_000);
    assertThat(Files.size(folder.resolve("data/train_000000.bin")))
        .isEqualTo(HEADER + 2L * 180_000);
    assertThat(new String(Files.readAllBytes(one), UTF_8)).hasSize(200_000);
  }
}
