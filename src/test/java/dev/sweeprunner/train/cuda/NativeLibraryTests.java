package dev.sweeprunner.train.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sweeprunner.testkit.ChildJvm;
import dev.sweeprunner.testkit.FakeCuda;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens before the driver is reached; in processes of their own, for it happens once. */
class NativeLibraryTests {
  private static final String NAME = "libJCudaDriver-12.6.0-linux-x86_64.so";

  @TempDir private Path folder;

  @Test
  void without_a_driver_it_says_so_each_time() throws Exception {
    try (var child = child(null)) {
      String first = child.line();
      assumeTrue(first.startsWith("none"), "this machine has a driver");

      assertThat(first)
          .isEqualTo("none: There is no NVIDIA driver: libcuda.so.1 cannot be loaded.");
      assertThat(child.line()).isEqualTo(first);
      assertThat(child.line()).isEqualTo("left 0");
      assertThat(child.exitCode()).isZero();
    }
  }

  @Test
  void a_truncated_library_that_another_process_left_is_not_touched() throws Exception {
    FakeCuda fake = FakeCuda.in(folder.resolve("driver"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Files.write(temporary.resolve(NAME), new byte[] {0x7f, 'E', 'L', 'F'});
    try (var child = child(fake.folder())) {
      assertThat(child.line()).isEqualTo("found cuda:0 Fake H100, 4 GiB");
      assertThat(child.line()).isEqualTo("found cuda:0 Fake H100, 4 GiB");
      assertThat(child.line()).isEqualTo("left 1");
      assertThat(child.exitCode()).isZero();
    }
    assertThat(temporary.resolve(NAME)).hasSize(4);
  }

  @Test
  void a_folder_that_takes_no_file_is_one_sentence() {
    var library =
        new NativeLibrary(
            (name, content, load) -> {
              throw new IOException("No space left on device");
            });

    assertThatThrownBy(library::load)
        .isInstanceOf(NoCuda.class)
        .hasMessage(
            "JCuda's library (1173 KiB) cannot be written to the temporary folder:"
                + " No space left on device. Free some space there, or set"
                + " java.io.tmpdir to another folder.");
  }

  @Test
  void a_folder_that_runs_nothing_is_one_sentence() {
    var error =
        new UnsatisfiedLinkError(
            "Error while loading native library\n---(start of nested stack traces)---\n"
                + "/tmp/x.so: /tmp/x.so: failed to map segment from shared object");

    assertThat(NativeLibrary.explain(error)).contains("mounted noexec").doesNotContain("\n");
  }

  @Test
  void anything_else_is_the_line_that_tells_most() {
    var error =
        new UnsatisfiedLinkError(
            "Error while loading native library\n"
                + "---(start of nested stack traces)---\n"
                + "java.lang.UnsatisfiedLinkError: /tmp/x.so: libstdc++.so.6: no such file\n"
                + "\tat x");

    assertThat(NativeLibrary.explain(error))
        .isEqualTo(
            "JCuda's library cannot be loaded: java.lang.UnsatisfiedLinkError: /tmp/x.so:"
                + " libstdc++.so.6: no such file");
  }

  /** Its temporary folder is {@code tmp}. */
  private ChildJvm child(@Nullable Path driver) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    var words = new ArrayList<String>();
    words.addAll(List.of("env", driver == null ? "NO_DRIVER=" : "LD_LIBRARY_PATH=" + driver));
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    words.add("-Djava.io.tmpdir=" + temporary);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), FindCuda.class.getName()));
    return ChildJvm.of(words);
  }
}
