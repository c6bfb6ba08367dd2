package dev.sweeprunner.wandb.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.layout.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cards, as files and in their folder. */
class OutboxTests {
  @TempDir Path root;
  private Layout layout;
  private Outbox outbox;

  @BeforeEach
  void open() {
    layout = new Layout(root);
    outbox = new Outbox(new LocalFiles(), layout);
  }

  @Test
  void any_card_survives_its_file() throws UnreadableJson {
    for (long seed = 1; seed <= 300; seed++) {
      RunDescriptor descriptor = any(new Random(seed));

      assertThat(DescriptorFile.read(DescriptorFile.write(descriptor)))
          .as("seed " + seed)
          .isEqualTo(descriptor);
    }
  }

  @Test
  void a_torn_or_strange_file_counts_as_absent() throws IOException {
    RunDescriptor descriptor = any(new Random(1));
    outbox.put(descriptor);
    Path file = layout.outbox(descriptor.key().project(), descriptor.key().runId());
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(2);

    for (int cut = 0; cut < whole.length - 1; cut += 7) {
      Files.write(file, Arrays.copyOf(whole, cut));
      assertThat(outbox.card(descriptor.key())).as("cut at " + cut).isEmpty();
    }
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(200)];
      random.nextBytes(garbage);
      Files.write(file, garbage);
      assertThat(outbox.card(descriptor.key())).as("garbage " + i).isEmpty();
    }
    Files.writeString(
        file,
        new String(whole, java.nio.charset.StandardCharsets.UTF_8)
            .replace("\"v\" : 1", "\"v\" : 2"));
    assertThat(outbox.card(descriptor.key())).isEmpty();
  }

  @Test
  void a_later_claims_card_keeps_when_the_run_began() throws IOException {
    RunDescriptor first = any(new Random(3)).begun(Instant.parse("2026-01-01T00:00:00Z"));
    outbox.put(first);

    RunDescriptor put = outbox.put(first.begun(Instant.parse("2026-01-02T00:00:00Z")));

    assertThat(put).isEqualTo(first);
    assertThat(outbox.card(first.key())).contains(first);
  }

  @Test
  void what_waits_is_listed_and_what_has_been_told_is_not() throws IOException {
    assertThat(outbox.waiting("p")).isEmpty();
    RunDescriptor descriptor = any(new Random(4));
    String project = descriptor.key().project();
    outbox.put(descriptor);
    Files.writeString(layout.outbox(project).resolve(".t.half"), "x");
    Files.writeString(layout.outbox(project).resolve("notes.json"), "x");

    assertThat(outbox.waiting(project)).containsExactly(descriptor.key().runId());
    assertThat(outbox.card(project, descriptor.key().runId())).contains(descriptor);
    outbox.remove(descriptor.key());
    outbox.remove(descriptor.key());
    assertThat(outbox.waiting(project)).isEmpty();
  }

  private static RunDescriptor any(Random random) {
    return new RunDescriptor(
        new RunKey(
            "p" + random.nextInt(3),
            "g" + random.nextInt(3),
            String.format("%08x", random.nextInt()),
            random.nextInt(4) == 0 ? null : Long.valueOf(random.nextInt(1000) - 1L)),
        text(random),
        text(random),
        random.nextBoolean() ? null : text(random),
        random.nextBoolean() ? null : text(random),
        text(random),
        random.nextBoolean() ? null : text(random),
        Instant.ofEpochSecond(random.nextInt(2_000_000_000)),
        new Claimant(
            text(random), random.nextInt(99), text(random), text(random), text(random), "1"),
        members(random, 3),
        random.nextBoolean() ? null : (Long) (long) random.nextInt(9));
  }

  private static Map<String, @Nullable Object> members(Random random, int depth) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      members.put(text(random), value(random, depth));
    }
    return members;
  }

  private static @Nullable Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> random.nextLong();
      case 3 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20);
      case 4 -> 1e6;
      case 5 -> text(random);
      case 6 -> members(random, depth - 1);
      default -> {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
    };
  }

  private static String text(Random random) {
    String letters = "ab/ \"\\\n\u00e9\u2028{}:\ud83d\ude00";
    StringBuilder text = new StringBuilder("t");
    for (int i = random.nextInt(8); i > 0; i--) {
      int[] points = letters.codePoints().toArray();
      text.appendCodePoint(points[random.nextInt(points.length)]);
    }
    return text.toString();
  }
}
