package dev.sweeprunner.program;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Why a program failed, by its exit and its last lines: one sentence with the line that says most,
 * and the class that decides what happens next.
 */
final class Cause {
  private static final String PYTHON_3 =
      " (program.interpreter says what ${interpreter} is: python3, for example)";

  private static final int SHOWN = 300;
  private static final Pattern MEMORY =
      Pattern.compile("(?i)\\bMemoryError\\b|out of memory|Cannot allocate memory|std::bad_alloc");
  private static final Pattern FULL =
      Pattern.compile("(?i)No space left on device|Disk quota exceeded");
  private static final Pattern DISK = Pattern.compile("(?i)Input/output error|Stale file");
  private static final Pattern DEVICE =
      Pattern.compile(
          "(?i)CUDA error|no CUDA-capable device|NCCL error|cuDNN error|uncorrectable ECC");

  /** What env says where a machine has python3 alone. */
  private static final Pattern NO_PYTHON =
      Pattern.compile("env: .?python.?: No such file or directory");

  private static final Pattern USAGE = Pattern.compile("^[Uu]sage: .*|.*: error: .*");

  /** The last line of a Python traceback: the exception's name, with or without a sentence. */
  private static final Pattern EXCEPTION =
      Pattern.compile("[A-Za-z_][\\w.]*(Error|Exception|Exit|Interrupt|Iteration)(:.*)?");

  private static final int USAGE_EXIT = 2;
  private static final int KILLED = 9;

  private final List<String> lines;

  /** A cause by the newest lines of output, oldest first. */
  Cause(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /**
   * The program exited with a code other than 0, or with 0 before its work was done.
   *
   * @param how for example {@code exited with 1}
   * @param atStart whether it never came forward
   */
  TrainingFailure exited(int code, String how, boolean atStart) {
    FailureClass kind = kind();
    if (kind == FailureClass.INFRA && said(FULL)) {
      return TrainingFailure.diskFull("the program " + how + words());
    }
    if (kind == FailureClass.UNKNOWN && code == USAGE_EXIT && said(USAGE)) {
      kind = FailureClass.CONFIG; // its own argument parser refuses the point
    } else if (kind == FailureClass.UNKNOWN && atStart) {
      kind = FailureClass.START;
    }
    return new TrainingFailure(kind, "the program " + how + words());
  }

  /**
   * A signal ended it that nobody here sent.
   *
   * @param memory whether the kernel has ended somebody for want of memory meanwhile
   */
  TrainingFailure signalled(int signal, boolean memory, boolean atStart) {
    String how = "the program was ended by " + Signal.name(signal);
    if (signal == KILLED && memory) {
      String why = ": the kernel ended a process here for want of memory";
      return new TrainingFailure(FailureClass.OOM, how + why + words());
    }
    FailureClass kind = kind();
    if (kind == FailureClass.INFRA && said(FULL)) {
      return TrainingFailure.diskFull(how + words());
    }
    return new TrainingFailure(
        kind == FailureClass.UNKNOWN && atStart ? FailureClass.START : kind, how + words());
  }

  /** It was ended here, since it printed nothing for too long. */
  TrainingFailure hung(String time) {
    return new TrainingFailure(
        FailureClass.TIMEOUT,
        "the program printed nothing for " + time + " and was ended" + words());
  }

  /** It could not be started. */
  static TrainingFailure notStarted(String why) {
    return new TrainingFailure(FailureClass.START, "the program could not be started: " + why);
  }

  private FailureClass kind() {
    if (said(MEMORY)) {
      return FailureClass.OOM;
    }
    return said(FULL) || said(DISK) || said(DEVICE) ? FailureClass.INFRA : FailureClass.UNKNOWN;
  }

  private boolean said(Pattern pattern) {
    return lines.stream().anyMatch(line -> pattern.matcher(line).find());
  }

  /** What it said last: the exception where there is one, else the last line. */
  private String words() {
    String last = "";
    for (String line : lines) {
      if (!line.isBlank() && (!exception(last) || exception(line))) {
        last = line.strip();
      }
    }
    if (last.isEmpty()) {
      return "; it printed nothing";
    }
    String words = last.length() > SHOWN ? last.substring(0, SHOWN) + "…" : last;
    return "; its last words: " + words + (said(NO_PYTHON) ? PYTHON_3 : "");
  }

  private static boolean exception(String line) {
    return EXCEPTION.matcher(line.strip()).matches();
  }

  /** Signals by their names. */
  private static final class Signal {
    private static final List<String> NAMES =
        List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
            "USR2", "PIPE", "ALRM", "TERM");

    static String name(int signal) {
      return signal >= 1 && signal <= NAMES.size()
          ? "SIG" + NAMES.get(signal - 1)
          : String.format(Locale.ROOT, "signal %d", signal);
    }
  }
}
