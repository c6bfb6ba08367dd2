package dev.sweeprunner.host;

import dev.sweeprunner.files.FileSystem;
import dev.sweeprunner.process.Command;
import dev.sweeprunner.run.Clock;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks whether the work tree of a sweep file is behind its upstream.
 *
 * <p>Changes nothing in the work tree and moves no reference: it asks the remote for its branch,
 * and brings that branch's objects only where they are missing. Prompts for nothing. One answer of
 * a host holds for a while for all its processes of one user; an unknown one for a tenth of it. May
 * run in any thread, beside the start.
 */
public final class GitCheck {
  private static final int KEPT = 64 * 1024;

  private final Git git;
  private final UpstreamAnswers answers;
  private final Clock clock;
  private final Duration limit;

  /**
   * Prepares the check; asks nothing yet.
   *
   * @param folder for the shared answers: local to the host, this user's own
   * @param limit for the whole check
   * @param answerFor how long an answer holds
   */
  public GitCheck(
      Environment environment,
      FileSystem files,
      Path folder,
      Clock clock,
      Duration limit,
      Duration answerFor) {
    this(new Git(environment), files, folder, clock, limit, answerFor);
  }

  GitCheck(
      Git git, FileSystem files, Path folder, Clock clock, Duration limit, Duration answerFor) {
    this.git = git;
    this.answers = new UpstreamAnswers(files, folder, clock, answerFor);
    this.clock = clock;
    this.limit = limit;
  }

  /** The answer for the work tree that {@code sweepFile} lies in. Never throws. */
  public Upstream check(Path sweepFile) {
    var question = new Question(Git.folderOf(sweepFile), clock.nanos() + limit.toNanos());
    try {
      return question.answer();
    } catch (NoAnswer e) {
      return e.upstream;
    }
  }

  /** One work tree, asked within one time limit. */
  private final class Question {
    private final Path folder;
    private final long deadline;

    Question(Path folder, long deadline) {
      this.folder = folder;
      this.deadline = deadline;
    }

    Upstream answer() throws NoAnswer {
      var place = place().split("\n", -1);
      var branch = branch(place[place.length - 1]);
      var known = answers.find(place[0], branch);
      if (known.isPresent()) {
        return known.get();
      }
      Upstream answer;
      try {
        answer = ask(branch);
      } catch (NoAnswer e) {
        answer = e.upstream;
      }
      answers.keep(place[0], branch, answer);
      return answer;
    }

    /** Top folder and full name of the branch, a line each. */
    private String place() throws NoAnswer {
      var outcome = run(false, "rev-parse", "--show-toplevel", "--symbolic-full-name", "HEAD");
      if (outcome instanceof Command.Outcome.NotStarted none && !Git.looksLikeWorkTree(folder)) {
        throw new NoAnswer(new Upstream.NotApplicable(none.why()));
      }
      if (outcome instanceof Command.Outcome.Ended ended && ended.exit() != 0) {
        if (ended.err().contains("not a git repository")
            || ended.err().contains("must be run in a work tree")) {
          throw new NoAnswer(new Upstream.NotApplicable("the sweep file is in no git work tree"));
        }
        if (ended.err().contains("unknown revision")) {
          throw new NoAnswer(new Upstream.NotApplicable("the work tree has no commit yet"));
        }
      }
      return text(outcome);
    }

    private UpstreamAnswers.Branch branch(String ref) throws NoAnswer {
      var format =
          "--format=%(objectname)%09%(upstream:short)%09%(upstream:remotename)"
              + "%09%(upstream:remoteref)";
      var words = text(run(false, "for-each-ref", format, ref)).split("\t", -1);
      if (words.length < 4 || words[1].isEmpty() || words[2].isEmpty()) {
        throw new NoAnswer(new Upstream.NotApplicable("the branch has no upstream"));
      }
      return new UpstreamAnswers.Branch(words[0], words[1], words[2], words[3]);
    }

    private Upstream ask(UpstreamAnswers.Branch branch) throws NoAnswer {
      boolean silent = exit(run(false, "config", "--get", "core.sshCommand")) != 0;
      var line = text(run(silent, "ls-remote", branch.remote(), branch.ref()));
      if (line.isEmpty()) {
        throw unknown(branch.remote() + " has no " + branch.ref() + " any more");
      }
      var newest = line.split("\\s", 2)[0];
      int relation = exit(run(false, "merge-base", "--is-ancestor", newest, branch.commit()));
      if (relation == 0) {
        return new Upstream.UpToDate(branch.upstream());
      }
      if (relation != 1) {
        text(run(silent, fetch(branch)));
      }
      var count = text(run(false, "rev-list", "--count", branch.commit() + ".." + newest));
      return new Upstream.Behind(number(count), branch.upstream());
    }

    private String[] fetch(UpstreamAnswers.Branch branch) {
      return new String[] {
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--refmap=",
        branch.remote(),
        branch.ref()
      };
    }

    private Command.Outcome run(boolean silentSsh, String... words) throws NoAnswer {
      var left = Duration.ofNanos(deadline - clock.nanos());
      if (left.isNegative() || left.isZero()) {
        throw tooLate();
      }
      return git.run(folder, left, KEPT, silentSsh, words);
    }

    private int exit(Command.Outcome outcome) throws NoAnswer {
      if (outcome instanceof Command.Outcome.Ended ended) {
        return ended.exit();
      }
      throw outcome instanceof Command.Outcome.NotStarted none ? unknown(none.why()) : tooLate();
    }

    private String text(Command.Outcome outcome) throws NoAnswer {
      if (exit(outcome) == 0 && outcome instanceof Command.Outcome.Ended ended) {
        return ended.out().strip();
      }
      var error = outcome instanceof Command.Outcome.Ended ended ? ended.err().strip() : "";
      throw unknown(error.isEmpty() ? "git failed without a word" : firstFatal(error));
    }

    private NoAnswer tooLate() {
      return unknown("git gave no answer within " + limit.toSeconds() + " s");
    }
  }

  /** Git says what matters on its first fatal line. */
  private static String firstFatal(String error) {
    return error
        .lines()
        .filter(line -> line.startsWith("fatal:") || line.startsWith("error:"))
        .findFirst()
        .orElseGet(() -> error.lines().findFirst().orElse(error));
  }

  private static int number(String count) throws NoAnswer {
    try {
      return Integer.parseInt(count);
    } catch (NumberFormatException e) {
      throw unknown("git counted \"" + count + "\" commits");
    }
  }

  private static NoAnswer unknown(String why) {
    return new NoAnswer(new Upstream.Unknown(why));
  }

  /** The question ended early, with this answer. */
  private static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Upstream upstream;

    NoAnswer(Upstream upstream) {
      super(null, null, false, false);
      this.upstream = upstream;
    }
  }
}
