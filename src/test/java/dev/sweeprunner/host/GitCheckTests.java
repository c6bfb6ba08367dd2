package dev.sweeprunner.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitCheckTests {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Environment BARE = new Environment(Map.of(), Map.of());

  @TempDir static Path template;
  private static Repositories made;

  @TempDir Path root;
  private final SettableClock clock = new SettableClock();
  private Repositories repositories;

  @BeforeAll
  static void makeRepositories() throws IOException {
    made = Repositories.make(template);
  }

  @BeforeEach
  void copyRepositories() throws IOException {
    repositories = made.copy(root);
  }

  @Test
  void a_work_tree_that_has_all_of_its_upstream_is_up_to_date() throws IOException {
    assertThat(check()).isEqualTo(new Upstream.UpToDate("origin/main"));

    Files.writeString(repositories.work.resolve("own"), "ahead\n");
    repositories.git(repositories.work, "add", ".");
    repositories.git(repositories.work, "commit", "-q", "-m", "Own");
    assertThat(check()).isEqualTo(new Upstream.UpToDate("origin/main"));
  }

  @Test
  void a_work_tree_that_lacks_commits_is_behind_by_their_number() throws IOException {
    repositories.push(3);

    assertThat(check()).isEqualTo(new Upstream.Behind(3, "origin/main"));
  }

  @Test
  void one_that_went_its_own_way_is_behind_too() throws IOException {
    repositories.push(2);
    Files.writeString(repositories.work.resolve("own"), "diverged\n");
    repositories.git(repositories.work, "add", ".");
    repositories.git(repositories.work, "commit", "-q", "-m", "Own");

    assertThat(check()).isEqualTo(new Upstream.Behind(2, "origin/main"));
  }

  @Test
  void no_reference_of_the_work_tree_moves() throws IOException {
    repositories.push(1);
    var before = repositories.git(repositories.work, "for-each-ref");

    check();

    assertThat(repositories.git(repositories.work, "for-each-ref")).isEqualTo(before);
    assertThat(repositories.git(repositories.work, "status", "--porcelain")).isEmpty();
  }

  @Test
  void without_work_tree_upstream_branch_or_commit_there_is_nothing_to_ask() throws IOException {
    var plain = Files.createDirectories(root.resolve("plain"));
    assertThat(check(plain.resolve("a.yaml"))).isInstanceOf(Upstream.NotApplicable.class);

    repositories.git(plain, "init", "-q", "-b", "main");
    assertThat(check(plain.resolve("a.yaml"))).isInstanceOf(Upstream.NotApplicable.class);

    repositories.git(repositories.work, "checkout", "-q", "-b", "own");
    assertThat(check()).isEqualTo(new Upstream.NotApplicable("the branch has no upstream"));

    repositories.git(repositories.work, "checkout", "-q", "--detach");
    assertThat(check()).isEqualTo(new Upstream.NotApplicable("the branch has no upstream"));
  }

  @Test
  void a_remote_that_cannot_be_reached_leaves_it_unknown() throws IOException {
    Files.move(repositories.bare, root.resolve("elsewhere.git"));

    assertThat(check()).isInstanceOf(Upstream.Unknown.class);
    assertThat(((Upstream.Unknown) check()).why()).startsWith("fatal:");
  }

  @Test
  void an_upstream_branch_that_was_removed_leaves_it_unknown() throws IOException {
    repositories.git(repositories.bare, "branch", "-m", "main", "trunk");

    assertThat(check()).isEqualTo(new Upstream.Unknown("origin has no refs/heads/main any more"));
  }

  @Test
  void a_remote_that_hangs_leaves_it_unknown_within_the_limit() throws IOException {
    var slow = script("slow-ssh", "sleep 300");
    repositories.git(
        repositories.work, "remote", "set-url", "origin", "ssh://example.invalid/a.git");
    repositories.git(repositories.work, "config", "core.sshCommand", slow.toString());
    long start = System.nanoTime();

    var answer = check(new Git(BARE), Duration.ofSeconds(1), new SystemClock());

    assertThat(answer).isEqualTo(new Upstream.Unknown("git gave no answer within 1 s"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void a_git_that_hangs_leaves_it_unknown_and_one_that_is_missing_says_so() throws IOException {
    var hanging = new Git(script("git", "sleep 300").toString(), BARE);
    var missing = new Git(root.resolve("nothing").toString(), BARE);

    assertThat(check(hanging, Duration.ofMillis(500), new SystemClock()))
        .isInstanceOf(Upstream.Unknown.class);
    assertThat(check(missing, PATIENCE, clock)).isInstanceOf(Upstream.Unknown.class);
    assertThat(
            new GitCheck(missing, new LocalFiles(), answers(), clock, PATIENCE, PATIENCE)
                .check(root.resolve("plain/a.yaml")))
        .isInstanceOf(Upstream.NotApplicable.class);
  }

  @Test
  void an_answer_holds_for_its_time_and_for_this_commit_only() throws IOException {
    assertThat(check()).isInstanceOf(Upstream.UpToDate.class);
    repositories.push(2);

    assertThat(check()).isInstanceOf(Upstream.UpToDate.class);
    clock.advance(Duration.ofMinutes(10));
    assertThat(check()).isEqualTo(new Upstream.Behind(2, "origin/main"));

    repositories.git(repositories.work, "pull", "-q", "--ff-only");
    assertThat(check()).isEqualTo(new Upstream.UpToDate("origin/main"));
  }

  @Test
  void an_unknown_answer_holds_for_a_tenth_of_that() throws IOException {
    var elsewhere = root.resolve("elsewhere.git");
    Files.move(repositories.bare, elsewhere);
    assertThat(check()).isInstanceOf(Upstream.Unknown.class);
    Files.move(elsewhere, repositories.bare);

    assertThat(check()).isInstanceOf(Upstream.Unknown.class);
    clock.advance(Duration.ofMinutes(1));
    assertThat(check()).isInstanceOf(Upstream.UpToDate.class);
  }

  @Test
  void a_kept_answer_that_is_torn_or_from_the_future_is_asked_again() throws IOException {
    check();
    try (var kept = Files.list(answers())) {
      Files.writeString(kept.findFirst().orElseThrow(), "{\"v\":1,");
    }
    repositories.push(1);
    assertThat(check()).isInstanceOf(Upstream.Behind.class);

    clock.jump(Duration.ofDays(-1));
    repositories.push(1);
    assertThat(check()).isEqualTo(new Upstream.Behind(2, "origin/main"));
  }

  @Test
  void an_answer_folder_that_cannot_be_written_costs_only_the_memory() throws IOException {
    Files.writeString(root.resolve("answers"), "a file where a folder should be");

    assertThat(check()).isInstanceOf(Upstream.UpToDate.class);
  }

  private Upstream check() {
    return check(repositories.sweep());
  }

  private Upstream check(Path sweep) {
    return new GitCheck(BARE, new LocalFiles(), answers(), clock, PATIENCE, Duration.ofMinutes(10))
        .check(sweep);
  }

  private Upstream check(Git git, Duration limit, dev.sweeprunner.run.Clock time) {
    return new GitCheck(git, new LocalFiles(), answers(), time, limit, Duration.ofMinutes(10))
        .check(repositories.sweep());
  }

  private Path answers() {
    return root.resolve("answers");
  }

  private Path script(String name, String body) throws IOException {
    var file = Files.writeString(root.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }
}
