package dev.sweeprunner.program.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFoldersTests {
  private static final RunKey KEY = new RunKey("project", "group", "0123abcd", 64);

  @TempDir Path root;

  private WorkFolders folders;
  private Path run;

  @BeforeEach
  void begin() {
    folders = new WorkFolders(new LocalFiles(), new Layout(root));
    run = new Layout(root).run(KEY);
  }

  @Test
  void in_mode_shared_all_claims_work_in_one_folder() {
    Path first = folders.of(KEY, 1, Mode.SHARED);

    assertThat(first).isEqualTo(run.resolve("work"));
    assertThat(folders.of(KEY, 9, Mode.SHARED)).isEqualTo(first);
  }

  @Test
  void a_claim_without_a_state_starts_in_an_empty_folder() throws Exception {
    Path work = folders.renew(KEY, 1, null);
    Files.writeString(work.resolve("torn"), "x");

    assertThat(folders.renew(KEY, 1, null)).isEqualTo(run.resolve("epochs/1/work"));
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void a_claim_starts_from_a_copy_of_the_published_state_that_it_may_write_in_place()
      throws Exception {
    Path state = root.resolve("state");
    Files.createDirectories(state.resolve("deep"));
    Path file = Files.writeString(state.resolve("deep/model.pt"), "weights");

    Path work = folders.renew(KEY, 2, state(state));
    Path copy = work.resolve("deep/model.pt");

    assertThat(copy).hasContent("weights");
    assertThat(Files.getAttribute(copy, "unix:ino", LinkOption.NOFOLLOW_LINKS))
        .isNotEqualTo(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    assertThat(Files.getLastModifiedTime(copy)).isEqualTo(Files.getLastModifiedTime(file));
  }

  @Test
  void a_claim_may_go_back_to_an_earlier_state() throws Exception {
    Path first = Files.createDirectories(root.resolve("first"));
    Files.writeString(first.resolve("ok"), "1");
    Path second = Files.createDirectories(root.resolve("second"));
    Files.writeString(second.resolve("torn"), "2");
    folders.renew(KEY, 2, state(second));

    Path work = folders.renew(KEY, 2, state(first));

    assertThat(new LocalFiles().list(work)).containsExactly("ok");
  }

  @Test
  void folders_of_earlier_claims_go_and_what_else_they_keep_stays() throws Exception {
    folders.renew(KEY, 1, null);
    Files.writeString(run.resolve("epochs/1/rows.jsonl"), "x");
    folders.renew(KEY, 5, null);

    folders.renew(KEY, 3, null);

    assertThat(run.resolve("epochs/1/work")).doesNotExist();
    assertThat(run.resolve("epochs/1/rows.jsonl")).exists();
    assertThat(run.resolve("epochs/5/work")).exists();
  }

  private static ProgramState state(Path folder) {
    return new ProgramState(8, Mode.COPY, ProgramState.Seen.NOTHING, null, folder);
  }
}
