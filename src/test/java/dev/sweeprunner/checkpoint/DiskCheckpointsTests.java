package dev.sweeprunner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Checkpoints.DamagedCheckpoint;
import dev.sweeprunner.run.Checkpoints.Staged;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Trace;
import dev.sweeprunner.train.checkpoint.TrainingFormat;
import dev.sweeprunner.train.checkpoint.TrainingState;
import dev.sweeprunner.train.model.Tensor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCheckpointsTests {
  private static final RunKey KEY = new RunKey("project", "group", "0123abcd", 64);

  @TempDir Path root;

  private final List<String> reached = new ArrayList<>();

  @Test
  void what_is_published_is_loaded_back_whole() throws Exception {
    PublishedCheckpoint published = publish(120, 3, true);

    TrainingState state = (TrainingState) checkpoints().load(KEY, published);

    TrainingState original = state(120);
    assertThat(state).usingRecursiveComparison().isEqualTo(original);
    assertThat(files())
        .containsExactly(
            "ckpt/0000120-e3/manifest.json",
            "ckpt/0000120-e3/optimizer.safetensors",
            "ckpt/0000120-e3/state.json",
            "ckpt/0000120-e3/weights.safetensors");
    assertThat(reached).containsExactly("stage.weights", "stage.done", "settle.renamed");
  }

  @Test
  void a_state_without_evaluation_and_streams_is_loaded_back() throws Exception {
    TrainingState plain = state(4);
    TrainingState bare =
        new TrainingState(
            4,
            plain.configSha256(),
            plain.seed(),
            new TrainingState.Position(16, Map.of()),
            null,
            plain.numerics(),
            plain.tensors());
    Staged staged = checkpoints().stage(KEY, 1, bare, false);
    checkpoints().settle(staged);

    assertThat(checkpoints().load(KEY, published(staged)))
        .usingRecursiveComparison()
        .isEqualTo(bare);
  }

  @Test
  void the_same_state_gives_the_same_bytes() throws Exception {
    Staged first = checkpoints().stage(KEY, 1, state(8), false);
    Staged again = checkpoints().stage(KEY, 1, state(8), false);

    assertThat(again).isEqualTo(first);
    assertThat(first.bytes()).isEqualTo(bytes("epochs/1/0000008-e1"));
  }

  @Test
  void json_files_say_what_they_are() throws Exception {
    publish(120, 3, true);

    String state = Files.readString(run("ckpt/0000120-e3/state.json"));
    String manifest = Files.readString(run("ckpt/0000120-e3/manifest.json"));

    assertThat(state)
        .isEqualTo(
            "{\"v\":1,\"iter\":120,\"row\":480,\"offsets\":{\"train\":77},"
                + "\"best_validation_loss\":1.25,\"seed\":64}\n");
    assertThat(manifest)
        .startsWith(
            "{\"v\":1,\"iter\":120,\"epoch\":3,\"permanent\":true,\"config_sha256\":\"c0ffee\","
                + "\"kernels\":\"cpu-1\",\"device\":\"cpu\",\"dtype\":\"float32\","
                + "\"files\":{\"weights.safetensors\":{\"bytes\":")
        .contains(sha256(Files.readAllBytes(run("ckpt/0000120-e3/optimizer.safetensors"))));
  }

  @Test
  void damage_to_any_file_is_found_and_named() throws Exception {
    for (String name :
        List.of("manifest.json", "weights.safetensors", "optimizer.safetensors", "state.json")) {
      PublishedCheckpoint published = publish(8, 1, false);
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
      assertThat(checkpoints().load(KEY, published).iter()).isEqualTo(8);
      assertThat(damage(published, false)).isEmpty();
    }
  }

  @Test
  void a_folder_that_is_gone_is_damage() {
    PublishedCheckpoint published =
        new PublishedCheckpoint(8, 1, "0000008-e1", "00", false, 0, "p", "00", 0);

    assertDamaged(published, "0000008-e1/manifest.json", "is missing");
  }

  @Test
  void a_newer_format_is_refused_not_called_damaged() throws Exception {
    publish(8, 1, false);
    Path file = run("ckpt/0000008-e1/manifest.json");
    String newer = Files.readString(file).replace("\"v\":1", "\"v\":2");
    Files.writeString(file, newer);
    PublishedCheckpoint published =
        new PublishedCheckpoint(
            8,
            1,
            "0000008-e1",
            sha256(newer.getBytes(StandardCharsets.UTF_8)),
            false,
            0,
            "p",
            "00",
            0);

    assertThatThrownBy(() -> checkpoints().load(KEY, published))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void a_full_disk_leaves_no_staging_behind() throws Exception {
    for (String full :
        List.of("weights.safetensors", "optimizer.safetensors", "state.json", "manifest.json")) {
      DiskCheckpoints checkpoints = checkpoints(fullDisk(full), Trace.OFF);

      assertThatThrownBy(() -> checkpoints.stage(KEY, 1, state(8), false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");

      assertThat(run("epochs/1/0000008-e1")).doesNotExist();
    }
  }

  @Test
  void settling_twice_is_settling_once() throws Exception {
    Staged staged = checkpoints().stage(KEY, 1, state(8), false);
    checkpoints().settle(staged);
    checkpoints().settle(staged);
    checkpoints().stage(KEY, 1, state(8), false);
    checkpoints().settle(staged);

    assertThat(checkpoints().load(KEY, published(staged)).iter()).isEqualTo(8);
    assertThat(run("epochs/1/0000008-e1")).doesNotExist();
  }

  @Test
  void settling_replaces_what_a_publish_that_failed_left() throws Exception {
    checkpoints().settle(checkpoints().stage(KEY, 1, state(8), false));
    Staged staged = checkpoints().stage(KEY, 1, state(8), true);

    checkpoints().settle(staged);

    assertThat(checkpoints().load(KEY, published(staged)).iter()).isEqualTo(8);
  }

  @Test
  void the_two_newest_stay_whole_and_older_permanent_ones_by_their_weights() throws Exception {
    List<PublishedCheckpoint> published =
        List.of(
            publish(10, 1, true),
            publish(20, 1, false),
            publish(30, 2, true),
            publish(25, 4, false),
            publish(35, 4, false));

    checkpoints().prune(KEY, 4, published);
    checkpoints().prune(KEY, 4, published);

    assertThat(run("ckpt")).isDirectoryNotContaining("glob:**0000020-e1");
    assertThat(names("ckpt/0000010-e1"))
        .containsExactly("manifest.json", "state.json", "weights.safetensors");
    assertThat(names("ckpt/0000030-e2"))
        .containsExactly("manifest.json", "state.json", "weights.safetensors");
    assertThat(names("ckpt/0000025-e4")).hasSize(4);
    assertThat(names("ckpt/0000035-e4")).hasSize(4);
    assertThat(Files.readSymbolicLink(run("ckpt/latest"))).isEqualTo(Path.of("0000035-e4"));
    assertDamaged(published.get(0), "optimizer.safetensors", "pruned to its weights");
    assertThat(reached).endsWith("prune.start", "prune.half");
  }

  @Test
  void a_prune_removes_the_link_of_a_death_beside_latest() throws IOException {
    PublishedCheckpoint only = publish(10, 1, false);
    Path temp = run("ckpt/.t.0");
    Files.createSymbolicLink(temp, Path.of("0000005-e1"));

    checkpoints().prune(KEY, 1, List.of(only));

    assertThat(Files.isSymbolicLink(temp)).isFalse();
    assertThat(run("ckpt/" + only.name())).isDirectory();
  }

  @Test
  void what_no_publish_names_goes_unless_its_epoch_is_later() throws Exception {
    publish(5, 1, false);
    publish(6, 2, false);
    publish(7, 3, false);
    PublishedCheckpoint mine = publish(8, 2, false);
    Files.createDirectories(run("ckpt/notes"));
    Files.createDirectories(run("checkpoints/step-000100"));
    checkpoints().stage(KEY, 2, state(9), false);
    checkpoints().stage(KEY, 1, state(9), false);

    checkpoints().prune(KEY, 2, List.of(mine));

    assertThat(names("ckpt")).containsExactly("0000007-e3", "0000008-e2", "notes");
    assertThat(run("epochs/2/0000009-e2")).doesNotExist();
    assertThat(run("epochs/1/0000009-e1")).exists();
    assertThat(run("checkpoints/step-000100")).exists();
  }

  @Test
  void what_is_published_in_place_of_one_takes_its_place_once_it_is() throws Exception {
    PublishedCheckpoint before = publish(10, 1, false);
    PublishedCheckpoint one = behind(10, publish(20, 1, true));
    Staged staged = checkpoints().stageEnd(KEY, 1, state(20), true);
    checkpoints().settle(staged);
    PublishedCheckpoint end = behind(10, published(staged));

    List<String> between = names("ckpt");
    checkpoints().prune(KEY, 1, List.of(end, one, before));

    assertThat(between).containsExactly("0000010-e1", "0000020-e1", "0000020-e1-end");
    assertThat(names("ckpt")).containsExactly("0000010-e1", "0000020-e1-end", "latest");
    assertThat(Files.readSymbolicLink(run("ckpt/latest"))).hasToString("0000020-e1-end");
    assertThat(damage(end, false)).isEmpty();
  }

  @Test
  void staging_of_earlier_epochs_is_cleared_and_nothing_else() throws Exception {
    checkpoints().stage(KEY, 1, state(8), false);
    checkpoints().stage(KEY, 2, state(8), false);
    checkpoints().stage(KEY, 3, state(8), false);
    Files.writeString(run("epochs/1/run.log"), "kept");

    checkpoints().clearStaging(KEY, 2);

    assertThat(names("epochs/1")).containsExactly("run.log");
    assertThat(names("epochs/2")).containsExactly("0000008-e2");
    assertThat(names("epochs/3")).containsExactly("0000008-e3");
  }

  @Test
  void pruning_and_clearing_a_run_without_folders_does_nothing() throws Exception {
    checkpoints().prune(KEY, 2, List.of());
    checkpoints().clearStaging(KEY, 2);

    assertThat(files()).isEmpty();
  }

  @Test
  void an_old_permanent_one_is_whole_by_its_weights() throws Exception {
    PublishedCheckpoint old = publish(10, 1, true);
    checkpoints().prune(KEY, 1, List.of(old, publish(20, 1, false), publish(30, 1, false)));

    assertThat(damage(old, true)).isEmpty();
    assertThat(damage(old, false)).isPresent();
    Files.write(run("ckpt/0000010-e1/weights.safetensors"), new byte[] {1});
    assertThat(damage(old, true)).isPresent();
  }

  private static PublishedCheckpoint behind(long from, PublishedCheckpoint one) {
    return new PublishedCheckpoint(
        one.iter(),
        one.epoch(),
        one.name(),
        one.manifestSha256(),
        one.permanent(),
        from,
        one.part(),
        one.partSha256(),
        one.partRows());
  }

  private Optional<String> damage(PublishedCheckpoint published, boolean pruned) {
    try {
      return checkpoints().damage(KEY, published, pruned);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
    return new DiskCheckpoints(files, new Layout(root), new TrainingFormat(files, trace), trace);
  }

  private PublishedCheckpoint publish(long iter, int epoch, boolean permanent) throws IOException {
    Staged staged = checkpoints().stage(KEY, epoch, state(iter), permanent);
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

  private static TrainingState state(long iter) {
    Tensor weight = new Tensor("lm_head.weight", List.of(2, 2), new float[] {iter, 2, 3, -4});
    Tensor first =
        new Tensor("exp_avg.lm_head.weight", List.of(2, 2), new float[] {0.1f, 0.2f, 0, 0});
    Tensor second =
        new Tensor("exp_avg_sq.lm_head.weight", List.of(2, 2), new float[] {1e-9f, 0, 1, 5});
    return new TrainingState(
        iter,
        "c0ffee",
        64,
        new TrainingState.Position(4 * iter, Map.of("train", 77L)),
        1.25,
        new TrainingState.Numerics("cpu-1", "cpu", "float32"),
        new TrainingState.Tensors(List.of(weight), List.of(first, second)));
  }

  private void assertDamaged(PublishedCheckpoint published, String file, String what) {
    assertThat(damage(published, false))
        .hasValueSatisfying(why -> assertThat(why).contains(file).contains(what));
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
            DiskCheckpointsTests.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("create") && ((Path) arguments[0]).endsWith(name)) {
                Files.write((Path) arguments[0], new byte[3]);
                throw new IOException("No space left on device");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private List<String> names(String folder) throws IOException {
    try (Stream<Path> entries = Files.list(run(folder))) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> files() throws IOException {
    if (!Files.exists(run("."))) {
      return List.of();
    }
    try (Stream<Path> entries = Files.walk(run("."))) {
      return entries
          .filter(Files::isRegularFile)
          .map(path -> run(".").relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private long bytes(String folder) throws IOException {
    long bytes = 0;
    for (String name : names(folder)) {
      bytes += Files.size(run(folder).resolve(name));
    }
    return bytes;
  }

  private Path run(String name) {
    return new Layout(root).run(KEY).resolve(name).normalize();
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
