package dev.sweeprunner.run.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Finding;
import dev.sweeprunner.run.Inspection.Depth;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.work.Attempt;
import dev.sweeprunner.testkit.AuditedRoot;
import dev.sweeprunner.testkit.Grids;
import dev.sweeprunner.testkit.Life;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Seeded damages: a sweep with a finished run, one whose worker was killed, and one that nobody
 * touched. {@code audit} and {@code explain} name each damage, and nothing else.
 */
class DamageTests {
  private static final long ITERATIONS = 10;

  @TempDir static Path shared;
  private static Points points;
  private static Layout whole;
  private static RunKey finished;
  private static RunKey partial;
  private static RunKey untouched;

  @TempDir Path folder;

  @BeforeAll
  static void live() {
    points = Grids.tiny(shared.resolve("sweep"), 3, ITERATIONS);
    whole = new Layout(shared.resolve("root"));
    Life life = new Life(whole.root(), points, Trace.OFF, 3);
    ClaimedRun first = life.claim().orElseThrow();
    life.train(first);
    finished = first.point().key();
    ClaimedRun second = life.claim().orElseThrow();
    partial = second.point().key();
    try (Attempt attempt = life.attempt(second)) {
      attempt.advance();
      attempt.advance();
      attempt.advance();
    }
    untouched =
        IntStream.range(0, points.size())
            .mapToObj(points::key)
            .filter(key -> !key.equals(finished) && !key.equals(partial))
            .findFirst()
            .orElseThrow();
  }

  /** What is done to the tree, and how it must be named. */
  enum Damage {
    DELETED_SLOT("broken-chain partial", d -> d.delete(d.slot(2))),
    DELETED_CLAIM("broken-chain partial", Damages::withoutTheNewestClaim),
    EDITED_RECORD(
        "broken-chain partial", d -> d.edit(d.slot(2), "\"attempts\":1", "\"attempts\":2")),
    EDITED_NEWEST_RECORD(
        "broken-chain partial", d -> d.edit(d.newestSlot(), "\"attempts\":1", "\"attempts\":2")),
    TORN_NEWEST_RECORD("unreadable partial", d -> d.cut(d.newestSlot(), 100)),
    FORGED_OWNER("broken-chain partial", Damages::forgedOwner),
    SECOND_FINISH("doubled finished", Damages::secondFinish),
    REMOVED_CHECKPOINT("missing partial", d -> d.delete(d.checkpoint(partial))),
    REMOVED_LAST_CHECKPOINT("missing finished", d -> d.delete(d.checkpoint(finished))),
    TRUNCATED_SAFETENSORS(
        "damaged finished", d -> d.cut(d.checkpoint(finished).resolve("weights.safetensors"), 900)),
    EDITED_MANIFEST(
        "damaged partial",
        d -> d.edit(d.checkpoint(partial).resolve("manifest.json"), "float32", "float16")),
    FOREIGN_PYTORCH_FOLDER("foreign untouched", Damages::pytorch),
    FOREIGN_CHECKPOINT(
        "foreign partial", d -> d.write(d.layout.checkpoint(partial, "step-7/model.pt"), "x")),
    LOCK_THAT_IS_A_FILE("foreign untouched", d -> d.write(d.layout.lock(untouched), "pid 7")),
    EARLIER_LOCK(
        "foreign untouched",
        d -> d.write(d.layout.lock(untouched).resolve("lock_meta.json"), "{}")),
    EARLIER_RESUME_LOCK("foreign untouched", d -> d.write(d.layout.resumeLock(untouched), "{}")),
    RESUME_LOCK_BESIDE_A_LOG("foreign partial", d -> d.write(d.layout.resumeLock(partial), "{}")),
    SWAPPED_FOLDERS("mixed-config finished, mixed-config partial", Damages::swapped),
    CONFIG_OF_ANOTHER(
        "mixed-config partial",
        d -> d.write(d.layout.config(partial), d.read(d.layout.config(finished)))),
    EDITED_CONFIG(
        "damaged partial",
        d -> d.edit(d.layout.config(partial), "\"batch_size\":2", "\"batch_size\":3")),
    FLIPPED_BYTE_IN_A_PART("damaged partial", d -> d.edit(d.part(), "time_ms", "time_mt")),
    REMOVED_PART("missing partial", d -> d.delete(d.part())),
    DOUBLED_STEP("steps finished", d -> d.rows((lines) -> lines.add(5, lines.get(4)))),
    LOST_STEP("steps finished", d -> d.rows((lines) -> lines.remove(4))),
    LOST_LAST_STEP("steps finished", d -> d.rows((lines) -> lines.remove(lines.size() - 1))),
    EDITED_ROW("damaged finished", d -> d.edit(d.layout.journal(finished), "time_ms", "time_mt")),
    REMOVED_JOURNAL("missing finished", d -> d.delete(d.layout.journal(finished))),
    HINT_WITHOUT_A_LOG("orphaned untouched", d -> d.write(d.layout.done(untouched), "FINISH 9")),
    HINT_BESIDE_AN_OPEN_LOG("orphaned partial", d -> d.write(d.layout.done(partial), "FINISH 9")),
    LOG_WITHOUT_ITS_FOLDER("orphaned finished", d -> d.delete(d.layout.run(finished))),
    FOLDER_WITHOUT_ITS_LOG("orphaned partial", d -> d.delete(d.layout.lock(partial))),
    DELETED_FINISH("orphaned finished", d -> d.delete(d.newestSlot(finished))),
    LEFT_EPOCH("leftover finished", d -> d.write(d.layout.rows(finished, 1), "{\"iter\":1}\n")),
    LEFT_BEAT(
        "leftover finished", d -> d.write(d.layout.lock(finished).resolve("hb.00000001"), "1")),
    NO_WORD_OF_THE_END("missing finished", d -> d.delete(d.layout.finished(finished))),
    SECOND_FOLDER(
        "doubled finished",
        d -> d.write(d.layout.out().resolve("test/other/" + finished.runId() + "_s9/x"), "x")),
    RUN_OF_NO_POINT(
        "not-in-sweep deadbeef",
        d -> d.write(d.layout.out().resolve("test/tiny/deadbeef_s1/x"), "x"));

    private final String expected;
    private final Doing doing;

    Damage(String expected, Doing doing) {
      this.expected = expected;
      this.doing = doing;
    }
  }

  /** Does it to a tree. */
  private interface Doing {
    void to(Damages tree) throws IOException;
  }

  @Test
  void a_clean_tree_has_no_findings() {
    AuditedRoot root = new AuditedRoot(whole.root(), List.of(points));

    assertThat(root.findings(Depth.ALL)).isEmpty();
    assertThat(new AuditedRoot(whole.root(), List.of()).findings(Depth.ALL)).isEmpty();
    for (RunKey key : List.of(finished, partial, untouched)) {
      assertThat(root.explain(key.runId())).doesNotContain("[audit]");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_damage_is_named_and_nothing_else(Damage damage) throws IOException {
    Damages tree = new Damages(copy());
    damage.doing.to(tree);
    AuditedRoot root = new AuditedRoot(tree.layout.root(), List.of(points));

    List<Finding> findings = root.findings(Depth.ALL);

    assertThat(findings.stream().map(DamageTests::told).sorted())
        .as(findings.toString())
        .containsExactly(damage.expected.split(", "));
    for (Finding finding : findings) {
      if (!finding.runId().equals("deadbeef")) {
        assertThat(root.explain(finding.runId())).contains(finding.fact(), finding.wayOut());
      }
    }
  }

  @Test
  void a_flipped_byte_of_the_weights_shows_only_where_contents_are_read() throws IOException {
    Damages tree = new Damages(copy());
    Path weights = tree.checkpoint(partial).resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    AuditedRoot root = new AuditedRoot(tree.layout.root(), List.of(points));

    assertThat(root.findings(Depth.ALL))
        .extracting(DamageTests::told)
        .containsExactly("damaged partial");
    assertThat(root.findings(Depth.ROWS)).isEmpty();
  }

  @Test
  void a_heir_over_a_torn_record_makes_the_log_whole_again() throws IOException {
    Damages tree = new Damages(copy());
    tree.cut(tree.newestSlot(), 0);
    Life heir = new Life(tree.layout.root(), points, Trace.OFF, 3);

    heir.liveToTheEnd();

    assertThat(new AuditedRoot(tree.layout.root(), List.of(points)).findings(Depth.ALL)).isEmpty();
  }

  private Path copy() throws IOException {
    Path root = folder.resolve("root");
    try (Stream<Path> all = Files.walk(whole.root())) {
      for (Path path : all.toList()) {
        Files.copy(path, root.resolve(whole.root().relativize(path).toString()));
      }
    }
    return root;
  }

  private static String told(Finding finding) {
    Map<String, String> names =
        Map.of(
            finished.runId(), "finished",
            partial.runId(), "partial",
            untouched.runId(), "untouched");
    return finding.kind().word() + " " + names.getOrDefault(finding.runId(), finding.runId());
  }

  /** A tree to damage. */
  private static final class Damages {
    final Layout layout;

    Damages(Path root) {
      layout = new Layout(root);
    }

    Path slot(int number) {
      return layout.lock(partial).resolve("%08d.json".formatted(number));
    }

    Path newestSlot() {
      return newestSlot(partial);
    }

    Path newestSlot(RunKey key) {
      return newest(layout.lock(key), "\\d{8}\\.json");
    }

    Path checkpoint(RunKey key) {
      return newest(layout.checkpoints(key), "\\d{7}-e\\d+");
    }

    Path part() {
      return newest(layout.parts(partial), ".*\\.jsonl");
    }

    private static Path newest(Path folder, String pattern) {
      try (Stream<Path> names = Files.list(folder)) {
        return names
            .filter(path -> path.getFileName().toString().matches(pattern))
            .max(Path::compareTo)
            .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String read(Path file) throws IOException {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    void write(Path file, String text) throws IOException {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    void edit(Path file, String before, String after) throws IOException {
      String text = read(file);
      assertThat(text).contains(before);
      write(file, text.replaceFirst(java.util.regex.Pattern.quote(before), after));
    }

    void cut(Path file, int length) throws IOException {
      write(file, read(file).substring(0, length));
    }

    void delete(Path path) throws IOException {
      try (Stream<Path> all = Files.walk(path)) {
        for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(each);
        }
      }
    }

    void rows(java.util.function.Consumer<List<String>> change) throws IOException {
      Path journal = layout.journal(finished);
      List<String> lines = new ArrayList<>(Files.readAllLines(journal));
      change.accept(lines);
      Files.writeString(journal, String.join("\n", lines) + "\n");
    }

    void withoutTheNewestClaim() throws IOException {
      Life heir = new Life(layout.root(), points, Trace.OFF, 3);
      ClaimedRun claimed = heir.claim().orElseThrow();
      while (!claimed.point().key().equals(partial)) {
        heir.train(claimed);
        claimed = heir.claim().orElseThrow();
      }
      heir.attempt(claimed).close();
      delete(newestSlot());
    }

    void forgedOwner() throws IOException {
      String text = read(newestSlot());
      int start = text.indexOf("\"incarnation\":\"") + 15;
      write(newestSlot(), text.substring(0, start) + "another" + text.substring(start + 7));
    }

    void secondFinish() throws IOException {
      Path newest = newestSlot(finished);
      String name = newest.getFileName().toString();
      int slot = Integer.parseInt(name.substring(0, 8));
      String sha256 = dev.sweeprunner.config.Sha256.of(Files.readAllBytes(newest));
      String again =
          read(newest)
              .replace("\"slot\":" + slot + ",", "\"slot\":" + (slot + 1) + ",")
              .replaceFirst("\"prev_sha256\":\"[0-9a-f]*\"", "\"prev_sha256\":\"" + sha256 + "\"");
      write(newest.resolveSibling("%08d.json".formatted(slot + 1)), again);
    }

    void pytorch() throws IOException {
      Path latest = layout.earlierCheckpoints(untouched).resolve("latest");
      write(latest.resolve("trainer_state.json"), "{\"iter_num\": 4}");
      write(latest.resolve("model.pt"), "PK");
    }

    void swapped() throws IOException {
      Path aside = layout.out().resolve("aside");
      Files.move(layout.run(finished), aside);
      Files.move(layout.run(partial), layout.run(finished));
      Files.move(aside, layout.run(partial));
    }
  }
}
