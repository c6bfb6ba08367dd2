package dev.sweeprunner.program.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.checkpoint.DiskCheckpoints;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Checkpoints.Staged;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.run.TrackedRun;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program's states keep the promises of {@code DiskCheckpoints}, in both modes. */
class ProgramCheckpointsTests {
  private static final RunKey KEY = new RunKey("project", "group", "0123abcd", 64);
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path root;

  private final List<String> reached = new ArrayList<>();
  private Path work;

  @BeforeEach
  void theProgramHasWorked() throws IOException {
    work = Files.createDirectories(root.resolve("program"));
    write("ckpt/model.pt", "weights");
    write("log.txt", "line");
  }

  @Test
  void in_mode_copy_the_programs_folder_is_loaded_back_whole() throws Exception {
    PublishedCheckpoint published = publish(Mode.COPY, 120, 3, true);

    ProgramState state = load(published);

    assertThat(state)
        .isEqualTo(
            new ProgramState(
                120,
                Mode.COPY,
                new ProgramState.Seen("pattern", "ckpt/model.pt", 7, THEN),
                null,
                run("ckpt/0000120-e3/work")));
    assertThat(files())
        .containsExactly(
            "ckpt/0000120-e3/manifest.json",
            "ckpt/0000120-e3/work/ckpt/model.pt",
            "ckpt/0000120-e3/work/log.txt");
    assertThat(reached).containsExactly("stage.weights", "stage.done", "settle.renamed");
  }

  @Test
  void in_mode_shared_only_the_manifest_is_published() throws Exception {
    PublishedCheckpoint published = publish(Mode.SHARED, 120, 3, true);
    write("ckpt/model.pt", "moved on");

    ProgramState state = load(published);

    assertThat(state.iter()).isEqualTo(120);
    assertThat(state.folder()).isNull();
    assertThat(files()).containsExactly("ckpt/0000120-e3/manifest.json");
    assertThat(Files.readString(run("ckpt/0000120-e3/manifest.json")))
        .isEqualTo(
            "{\"v\":1,\"iter\":120,\"epoch\":3,\"permanent\":true,\"mode\":\"shared\","
                + "\"layout\":\"pattern\",\"path\":\"ckpt/model.pt\",\"bytes\":7,"
                + "\"time\":\"2026-01-02T03:04:05Z\"}\n");
  }

  @ParameterizedTest
  @EnumSource
  void a_run_that_its_program_described_comes_back_as_it_was(Mode mode) throws Exception {
    TrackedRun run =
        new TrackedRun(
            "{\"lr\":{\"value\":1.50e-3}}",
            "{\"loss\":NaN}",
            new TrackedRun.Names(
                "name", null, "g", null, "host", "train.py", null, null, List.of("a")));
    ProgramState bare = state(mode, 120);
    ProgramState told =
        new ProgramState(
            120, mode, bare.seen(), null, work, null, new ProgramState.Logged(run, 12.25), null);
    Staged staged = checkpoints().stage(KEY, 1, told, false);
    checkpoints().settle(staged);

    assertThat(load(published(staged)).logged()).isEqualTo(told.logged());
  }

  @Test
  void a_copy_that_was_made_before_is_published_without_reading_it_again() throws Exception {
    StillCopy copy =
        StillCopy.make(
            new LocalFiles(), work, run("epochs/1/found/1"), work.resolve("ckpt"), () -> true);
    write("ckpt/model.pt", "moved on");
    ProgramState bare = state(Mode.COPY, 8);
    ProgramState held = new ProgramState(8, Mode.COPY, bare.seen(), null, work, null, null, copy);
    Staged staged = checkpoints().stage(KEY, 1, held, false);
    checkpoints().settle(staged);
    copy.remove();

    ProgramState state = load(published(staged));

    assertThat(run("ckpt/0000008-e1/work/ckpt/model.pt")).hasContent("weights");
    assertThat(Objects.requireNonNull(state.folder()).resolve("log.txt")).hasContent("line");
    assertThat(copy.bytes()).isEqualTo(11);
    assertThat(run("epochs/1/found/1")).doesNotExist();
  }

  @Test
  void a_checkpoint_that_was_replaced_before_it_could_be_copied_is_none() {
    Path to = run("epochs/1/found/1");

    assertThatThrownBy(
            () -> StillCopy.make(new LocalFiles(), work, to, work.resolve("ckpt"), () -> false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was replaced");
    assertThat(to).doesNotExist();
  }

  @Test
  void what_a_superseded_claim_has_logged_stays_for_its_heirs() throws Exception {
    checkpoints().stage(KEY, 1, state(Mode.COPY, 8), false);
    write("logged", "row");
    Path logged = new Layout(root).loggedRows(KEY, 1);
    Files.move(work.resolve("logged"), logged);
    Files.createDirectories(new Layout(root).work(KEY, 1));

    checkpoints().abandon(KEY, 1);
    checkpoints().stage(KEY, 2, state(Mode.SHARED, 8), false);
    checkpoints().abandon(KEY, 2);

    try (Stream<Path> left = Files.list(new Layout(root).epoch(KEY, 1))) {
      assertThat(left).containsExactly(logged);
    }
    assertThat(new Layout(root).epoch(KEY, 2)).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void an_end_is_published_with_its_exit_code(Mode mode) throws Exception {
    ProgramState ended = new ProgramState(7, mode, ProgramState.Seen.NOTHING, 143, work);
    Staged staged = checkpoints().stage(KEY, 1, ended, false);
    checkpoints().settle(staged);

    ProgramState state = load(published(staged));

    assertThat(state.exit()).isEqualTo(143);
    assertThat(state.seen()).isEqualTo(ProgramState.Seen.NOTHING);
  }

  @ParameterizedTest
  @EnumSource
  void the_same_state_gives_the_same_bytes(Mode mode) throws Exception {
    Staged first = checkpoints().stage(KEY, 1, state(mode, 8), false);
    Staged again = checkpoints().stage(KEY, 1, state(mode, 8), false);

    assertThat(again).isEqualTo(first);
    assertThat(first.bytes()).isEqualTo(bytes("epochs/1/0000008-e1"));
  }

  @Test
  void damage_to_any_file_is_found_and_named() throws Exception {
    for (String name : List.of("manifest.json", "work/ckpt/model.pt", "work/log.txt")) {
      PublishedCheckpoint published = publish(Mode.COPY, 8, 1, false);
      Path file = run("ckpt/0000008-e1/" + name);
      byte[] good = Files.readAllBytes(file);

      byte[] flipped = good.clone();
      flipped[good.length - 2] ^= 4;
      Files.write(file, flipped);
      assertDamaged(published, name, "has SHA-256");

      Files.write(file, Arrays.copyOf(good, good.length - 1));
      assertDamaged(published, name, name.equals("manifest.json") ? "has SHA-256" : "bytes, not");

      Files.delete(file);
      assertDamaged(published, name, "is missing");

      Files.write(file, good);
      assertThat(load(published).iter()).isEqualTo(8);
    }
  }

  @Test
  void a_folder_that_is_gone_is_damage() {
    PublishedCheckpoint published =
        new PublishedCheckpoint(8, 1, "0000008-e1", "00", false, 0, "p", "00", 0);

    assertDamaged(published, "0000008-e1/manifest.json", "is missing");
  }

  @ParameterizedTest
  @EnumSource
  void a_newer_format_is_refused_not_called_damaged(Mode mode) throws Exception {
    publish(mode, 8, 1, false);
    Path file = run("ckpt/0000008-e1/manifest.json");
    String newer = Files.readString(file).replace("\"v\":1", "\"v\":2");
    Files.writeString(file, newer);
    String sha256 = sha256(newer);
    PublishedCheckpoint published =
        new PublishedCheckpoint(8, 1, "0000008-e1", sha256, false, 0, "p", "00", 0);

    assertThatThrownBy(() -> checkpoints().load(KEY, published))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void a_full_disk_leaves_no_staging_behind_and_the_programs_folder_as_it_is() throws Exception {
    for (Integer exit : Arrays.asList(null, 0)) {
      DiskCheckpoints checkpoints = checkpoints(fullDisk("manifest.json"), Trace.OFF);
      ProgramState state = new ProgramState(8, Mode.COPY, state(Mode.COPY, 8).seen(), exit, work);

      assertThatThrownBy(() -> checkpoints.stage(KEY, 1, state, false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");

      assertThat(run("epochs/1/0000008-e1")).doesNotExist();
      assertThat(work.resolve("ckpt/model.pt")).hasContent("weights");
    }
  }

  @ParameterizedTest
  @EnumSource
  void settling_twice_is_settling_once(Mode mode) throws Exception {
    Staged staged = checkpoints().stage(KEY, 1, state(mode, 8), false);
    checkpoints().settle(staged);
    checkpoints().settle(staged);
    checkpoints().stage(KEY, 1, state(mode, 8), false);
    checkpoints().settle(staged);

    assertThat(load(published(staged)).iter()).isEqualTo(8);
    assertThat(run("epochs/1/0000008-e1")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void settling_replaces_what_a_publish_that_failed_left(Mode mode) throws Exception {
    checkpoints().settle(checkpoints().stage(KEY, 1, state(mode, 8), false));
    Staged staged = checkpoints().stage(KEY, 1, state(mode, 8), true);

    checkpoints().settle(staged);

    assertThat(load(published(staged)).iter()).isEqualTo(8);
  }

  @ParameterizedTest
  @EnumSource
  void the_two_newest_and_the_permanent_ones_stay_whole(Mode mode) throws Exception {
    List<PublishedCheckpoint> published =
        List.of(
            publish(mode, 10, 1, true),
            publish(mode, 20, 1, false),
            publish(mode, 25, 4, false),
            publish(mode, 35, 4, false));

    checkpoints().prune(KEY, 4, published);
    checkpoints().prune(KEY, 4, published);

    assertThat(run("ckpt/0000020-e1")).doesNotExist();
    assertThat(Files.readSymbolicLink(run("ckpt/latest"))).isEqualTo(Path.of("0000035-e4"));
    for (int i : new int[] {0, 2, 3}) {
      assertThat(load(published.get(i)).iter()).isEqualTo(published.get(i).iter());
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_no_publish_names_goes_unless_its_epoch_is_later(Mode mode) throws Exception {
    publish(mode, 5, 1, false);
    publish(mode, 7, 3, false);
    PublishedCheckpoint mine = publish(mode, 8, 2, false);
    checkpoints().stage(KEY, 2, state(mode, 9), false);
    Path own = Files.createDirectories(run("epochs/2/work"));

    checkpoints().prune(KEY, 2, List.of(mine));

    assertThat(run("ckpt/0000005-e1")).doesNotExist();
    assertThat(run("ckpt/0000007-e3")).exists();
    assertThat(run("ckpt/0000008-e2")).exists();
    assertThat(run("epochs/2/0000009-e2")).doesNotExist();
    assertThat(own).exists();
  }

  @ParameterizedTest
  @EnumSource
  void a_kill_anywhere_leaves_only_what_the_heir_removes(Mode mode) throws Exception {
    PublishedCheckpoint base = publish(mode, 5, 1, false);
    for (String point : List.of("stage.weights", "stage.done", "settle.renamed")) {
      DiskCheckpoints killed = checkpoints(new LocalFiles(), killedAt(point));
      assertThatThrownBy(() -> killed.settle(killed.stage(KEY, 2, state(mode, 9), false)))
          .isInstanceOf(Killed.class);
      assertThat(load(base).iter()).isEqualTo(5);

      PublishedCheckpoint next = publish(mode, 9, 3, false);
      checkpoints().prune(KEY, 3, List.of(base, next));
      checkpoints().clearStaging(KEY, 3);

      assertThat(load(next).iter()).isEqualTo(9);
      assertThat(files()).allMatch(name -> name.matches("ckpt/(0000005-e1|0000009-e3)/.*"));
    }
  }

  private static Trace killedAt(String point) {
    return new Trace() {
      @Override
      public void event(String name, String runId, int epoch, long iter) {}

      @Override
      public void reach(String reached) {
        if (reached.equals(point)) {
          throw new Killed();
        }
      }
    };
  }

  /** What no handler for failures catches. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private DiskCheckpoints checkpoints() {
    Trace trace =
        new Trace() {
          @Override
          public void event(String name, String runId, int epoch, long iter) {}

          @Override
          public void reach(String point) {
            reached.add(point);
          }
        };
    return checkpoints(new LocalFiles(), trace);
  }

  private DiskCheckpoints checkpoints(FileSystem files, Trace trace) {
    return new DiskCheckpoints(
        files, new Layout(root), new ProgramFormat(files, List.of(), trace), trace);
  }

  private PublishedCheckpoint publish(Mode mode, long iter, int epoch, boolean permanent)
      throws IOException {
    Staged staged = checkpoints().stage(KEY, epoch, state(mode, iter), permanent);
    checkpoints().settle(staged);
    return published(staged);
  }

  private static PublishedCheckpoint published(Staged staged) {
    return new PublishedCheckpoint(
        staged.iter(),
        staged.epoch(),
        staged.name(),
        staged.manifestSha256(),
        staged.permanent(),
        0,
        staged.name() + ".jsonl",
        "00",
        0);
  }

  private ProgramState load(PublishedCheckpoint published) throws Exception {
    return (ProgramState) checkpoints().load(KEY, published);
  }

  private ProgramState state(Mode mode, long iter) {
    ProgramState.Seen seen = new ProgramState.Seen("pattern", "ckpt/model.pt", 7, THEN);
    return new ProgramState(iter, mode, seen, null, work);
  }

  private void assertDamaged(PublishedCheckpoint published, String file, String what) {
    try {
      assertThat(checkpoints().damage(KEY, published, true))
          .hasValueSatisfying(why -> assertThat(why).contains(file).contains(what));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThatThrownBy(() -> checkpoints().load(KEY, published))
        .isInstanceOf(DamagedCheckpoint.class)
        .hasMessageContaining(file)
        .hasMessageContaining(what);
  }

  /** A file system on which one file meets a full disk after its first bytes. */
  private static FileSystem fullDisk(String name) {
    FileSystem real = new LocalFiles();
    return (FileSystem)
        Proxy.newProxyInstance(
            ProgramCheckpointsTests.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("create") && ((Path) arguments[0]).endsWith(name)) {
                Files.write((Path) arguments[0], new byte[3]);
                throw new IOException("No space left on device");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }

  private void write(String name, String text) throws IOException {
    Path file = work.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(THEN));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> entries = Files.walk(run("."))) {
      return entries
          .filter(Files::isRegularFile)
          .map(path -> run(".").relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private long bytes(String folder) throws IOException {
    try (Stream<Path> entries = Files.walk(run(folder))) {
      return entries.filter(Files::isRegularFile).mapToLong(path -> path.toFile().length()).sum();
    }
  }

  private Path run(String name) {
    return new Layout(root).run(KEY).resolve(name).normalize();
  }

  private static String sha256(String content) throws Exception {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
