package dev.sweeprunner.program.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.SnapshotFormat.Written;
import dev.sweeprunner.run.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramFormatTests {
  @TempDir Path root;

  private Path work;
  private Path published;

  @BeforeEach
  void theProgramHasWorked() throws IOException {
    work = Files.createDirectories(root.resolve("program"));
    published = Files.createDirectories(root.resolve("published"));
    Files.writeString(work.resolve("last.ckpt"), "weights");
  }

  @Test
  void modes_times_links_and_odd_names_are_kept() throws Exception {
    Path script = Files.writeString(work.resolve("-rf odd\nname.sh"), "x");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(script, FileTime.fromMillis(1_000_000));
    Files.createDirectories(work.resolve("deep/empty"));
    Files.createSymbolicLink(work.resolve("deep/link"), Path.of("../last.ckpt"));
    Files.createSymbolicLink(work.resolve("broken"), Path.of("nowhere"));

    ProgramState state = publish(new ProgramFormat(files(), List.of(), Trace.OFF), null);

    Path copy = published.resolve("work");
    assertThat(state.folder()).isEqualTo(copy);
    Path copied = copy.resolve("-rf odd\nname.sh");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copied)))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getLastModifiedTime(copied).toMillis()).isEqualTo(1_000_000);
    assertThat(copy.resolve("deep/empty")).isDirectory();
    assertThat(Files.readSymbolicLink(copy.resolve("deep/link")))
        .isEqualTo(Path.of("../last.ckpt"));
    assertThat(Files.readSymbolicLink(copy.resolve("broken"))).isEqualTo(Path.of("nowhere"));
  }

  @Test
  void a_copy_does_not_change_with_the_programs_files() throws Exception {
    ProgramFormat format = new ProgramFormat(files(), List.of(), Trace.OFF);
    publish(format, null);

    Files.writeString(work.resolve("last.ckpt"), "torn");

    assertThat(published.resolve("work/last.ckpt")).hasContent("weights");
  }

  @Test
  void once_the_program_has_ended_nothing_is_copied() throws Exception {
    publish(new ProgramFormat(files(), List.of(), Trace.OFF), 0);

    assertThat(inode(published.resolve("work/last.ckpt")))
        .isEqualTo(inode(work.resolve("last.ckpt")));
  }

  @Test
  void what_is_excluded_is_not_copied() throws Exception {
    Files.createDirectories(work.resolve("wandb/run"));
    Files.writeString(work.resolve("a.tmp"), "x");

    publish(new ProgramFormat(files(), List.of("wandb", "*.tmp"), Trace.OFF), null);

    assertThat(files().list(published.resolve("work"))).containsExactly("last.ckpt");
    assertThatThrownBy(() -> new ProgramFormat(files(), List.of("[a"), Trace.OFF))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no pattern of names");
  }

  @Test
  void without_cp_and_with_one_that_knows_less_files_are_copied_one_by_one() throws Exception {
    Files.createDirectories(work.resolve("deep"));
    Files.writeString(work.resolve("deep/a"), "a");
    Files.createSymbolicLink(work.resolve("link"), Path.of("deep/a"));
    Path old =
        Files.writeString(root.resolve("cp"), "#!/bin/sh\necho 'cp: bad option' >&2\nexit 1");
    Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String cp : List.of("/no/such/cp", old.toString())) {
      for (Integer exit : java.util.Arrays.asList(null, 0)) {
        files().deleteTree(published);
        Files.createDirectories(published);

        publish(new ProgramFormat(files(), List.of(), Trace.OFF, cp), exit);

        Path copy = published.resolve("work");
        assertThat(copy.resolve("last.ckpt")).hasContent("weights");
        assertThat(copy.resolve("deep/a")).hasContent("a");
        assertThat(Files.readSymbolicLink(copy.resolve("link"))).isEqualTo(Path.of("deep/a"));
      }
    }
  }

  @Test
  void a_checkpoint_that_is_written_to_while_it_is_copied_is_not_published() throws Exception {
    Path slow = cp("cp \"$@\"; echo more >> " + work.resolve("last.ckpt"));
    ProgramFormat format = new ProgramFormat(files(), List.of(), Trace.OFF, slow.toString());

    assertThatThrownBy(() -> format.write(published, state(null), 1, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("last.ckpt was written to while it was copied");
    assertThat(published.resolve("manifest.json")).doesNotExist();
  }

  @Test
  void a_checkpoint_that_is_rotated_away_before_the_copy_is_not_published() throws Exception {
    Files.delete(work.resolve("last.ckpt"));
    ProgramFormat format = new ProgramFormat(files(), List.of(), Trace.OFF);

    assertThatThrownBy(() -> format.write(published, state(null), 1, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("last.ckpt is gone");
  }

  @Test
  void other_files_may_vanish_and_grow_meanwhile() throws Exception {
    Files.writeString(work.resolve("a.old"), "x");
    Path log = Files.writeString(work.resolve("log"), "one");
    Path racing = cp("rm -f " + work.resolve("a.old") + "; cp \"$@\"; echo two >> " + log);
    ProgramFormat format = new ProgramFormat(files(), List.of(), Trace.OFF, racing.toString());

    publish(format, null);

    assertThat(files().list(published.resolve("work")))
        .containsExactlyInAnyOrder("last.ckpt", "log");
  }

  @Test
  void a_copy_that_fails_is_a_failure_with_its_reason() throws Exception {
    Path full = cp("echo 'cp: error writing x: No space left on device' >&2; exit 1");
    ProgramFormat format = new ProgramFormat(files(), List.of(), Trace.OFF, full.toString());

    assertThatThrownBy(() -> format.write(published, state(null), 1, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
  }

  private Path cp(String script) throws IOException {
    Path cp = Files.writeString(root.resolve("fake-cp"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(cp, PosixFilePermissions.fromString("rwxr-xr-x"));
    return cp;
  }

  private ProgramState publish(ProgramFormat format, @Nullable Integer exit) throws Exception {
    Written written = format.write(published, state(exit), 1, false);
    return (ProgramState) format.read(published, written.manifestSha256());
  }

  private ProgramState state(@Nullable Integer exit) {
    ProgramState.Seen seen = new ProgramState.Seen("lightning", "last.ckpt", 7, null);
    return new ProgramState(8, Mode.COPY, seen, exit, work);
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static LocalFiles files() {
    return new LocalFiles();
  }
}
