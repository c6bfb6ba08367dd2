package dev.sweeprunner.program.guard;

import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a guard has told of its program. Belongs to the thread that reads it. */
final class Status {
  private static final int SIGNALS = 128;
  private static final Pattern JOB = Pattern.compile("\\[\\d+][-+ ]*(\\d+) +(.*)");

  private final Supplier<String> lastWords;
  private OptionalLong pid = OptionalLong.empty();
  private String fate = "";
  private boolean notStarted;
  private boolean expired;
  private int questions;
  private int frozen;
  private boolean askedMany;
  private boolean quiet;
  private boolean gone;
  private boolean over;
  private @Nullable Integer code;

  /**
   * Nothing told yet.
   *
   * @param lastWords what was printed when a program could not be started
   */
  Status(Supplier<String> lastWords) {
    this.lastWords = lastWords;
  }

  /** Takes one line; what is none of ours, such as a warning of bash's, is left alone. */
  void take(String line) {
    int blank = line.indexOf(' ');
    String number = line.substring(blank + 1);
    switch (blank < 0 ? line : line.substring(0, blank)) {
      case "pid" -> pid = OptionalLong.of(Long.parseLong(number));
      case "exit" -> code = Integer.valueOf(number);
      case "not-started" -> notStarted = true;
      case "asked" -> {
        questions++;
        askedMany |= Integer.parseInt(number) > 1;
      }
      case "frozen" -> frozen++;
      case "quiet" -> quiet = true;
      case "expired" -> expired = true;
      case "ended" -> gone = true;
      case "over" -> over = true;
      default -> takeJob(line);
    }
  }

  private void takeJob(String line) {
    Matcher job = JOB.matcher(line);
    if (job.matches() && pid.isPresent() && Long.parseLong(job.group(1)) == pid.getAsLong()) {
      fate = job.group(2);
    }
  }

  /**
   * How the program ended, or null while it has not. Where a shell was asked to go, which goes at
   * once, and its children, which may take their time, that is when all of them are gone.
   */
  @Nullable End end() {
    if (code == null || (askedMany && !quiet && !gone)) {
      return null;
    }
    if (expired) {
      return new End.Expired();
    }
    if (notStarted) {
      return new End.NotStarted(lastWords.get());
    }
    return wasSignalled(code) ? new End.Signalled(code - SIGNALS) : new End.Exited(code);
  }

  /** Bash gives both as 128 + n; its list of jobs names the number only where it was an exit. */
  private boolean wasSignalled(int code) {
    return code > SIGNALS && code <= SIGNALS + 64 && !(" " + fate + " ").contains(" " + code + " ");
  }

  /** The program's number, once it has one. */
  OptionalLong pid() {
    return pid;
  }

  /** How often the program was asked to go. */
  int questions() {
    return questions;
  }

  /** How often the program was stopped. */
  int frozen() {
    return frozen;
  }

  /** Whether more than its main process was asked. */
  boolean askedMany() {
    return askedMany;
  }

  /** Whether the guard has seen the end of all that were asked. */
  boolean quiet() {
    return quiet;
  }

  /** Whether the lease was over. */
  boolean expired() {
    return expired;
  }

  /** Whether the guard has seen that nobody of the program is left. */
  boolean gone() {
    return gone;
  }

  /** Whether the guard has done all that it had to. */
  boolean over() {
    return over;
  }
}
