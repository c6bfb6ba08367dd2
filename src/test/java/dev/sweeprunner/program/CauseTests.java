package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.run.FailureClass;
import dev.sweeprunner.run.TrainingFailure;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a program failed, by its exit and its last lines. */
class CauseTests {
  private static TrainingFailure exited(int code, boolean atStart, String... lines) {
    return new Cause(List.of(lines)).exited(code, "exited with " + code, atStart);
  }

  @Nested
  class The_sentence {
    @Test
    void has_the_exception_of_a_traceback_whatever_was_printed_after_it() {
      TrainingFailure failure =
          exited(
              1,
              false,
              "step 3",
              "Traceback (most recent call last):",
              "  File \"train.py\", line 3, in <module>",
              "    main()",
              "ValueError: lr is odd",
              "wandb: Run history: loss",
              "");

      assertThat(failure)
          .hasMessage("the program exited with 1; its last words: ValueError: lr is odd");
    }

    @Test
    void has_the_last_of_several_exceptions() {
      TrainingFailure failure =
          exited(
              1,
              false,
              "KeyError: 'x'",
              "During handling of the above exception, another exception occurred:",
              "my.pkg.ConfigError: no x");

      assertThat(failure).hasMessageEndingWith("its last words: my.pkg.ConfigError: no x");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "AssertionError",
          "SystemExit: 3",
          "KeyboardInterrupt",
          "torch.distributed.elastic.multiprocessing.errors.ChildFailedError:",
          "subprocess.CalledProcessError: Command '['x']' returned non-zero exit status 1."
        })
    void knows_an_exception_by_its_form(String line) {
      assertThat(exited(1, false, line, "wandb: Synced")).hasMessageEndingWith(line);
    }

    @Test
    void has_else_the_last_line_that_is_not_blank() {
      assertThat(exited(1, false, "loading", "  no such file  ", " ", ""))
          .hasMessage("the program exited with 1; its last words: no such file");
    }

    @Test
    void says_so_where_nothing_was_printed() {
      assertThat(exited(1, false)).hasMessage("the program exited with 1; it printed nothing");
      assertThat(exited(1, false, "", " ")).hasMessageEndingWith("it printed nothing");
    }

    @Test
    void is_cut_where_a_line_is_very_long() {
      String message = exited(1, false, "x".repeat(5000)).getMessage();

      assertThat(message).hasSizeLessThan(400).endsWith("x…");
    }
  }

  @Nested
  class The_class {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "MemoryError | OOM",
          "numpy.core._exceptions._ArrayMemoryError: Unable to allocate | UNKNOWN",
          "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB | OOM",
          "RuntimeError: CUDA error: out of memory | OOM",
          "OSError: [Errno 12] Cannot allocate memory | OOM",
          "terminate called after throwing an instance of 'std::bad_alloc' | OOM",
          "OSError: [Errno 28] No space left on device | INFRA",
          "OSError: [Errno 122] Disk quota exceeded: 'ckpt.pt' | INFRA",
          "OSError: [Errno 5] Input/output error | INFRA",
          "OSError: [Errno 116] Stale file handle | INFRA",
          "RuntimeError: CUDA error: device-side assert triggered | INFRA",
          "RuntimeError: No CUDA-capable device is detected | INFRA",
          "torch.distributed.DistBackendError: NCCL error in: x.cpp | INFRA",
          "ValueError: lr is odd | UNKNOWN"
        })
    void is_told_by_what_it_said(String line, FailureClass kind) {
      assertThat(exited(1, false, line).kind()).isEqualTo(kind);
      assertThat(exited(1, true, line).kind())
          .isEqualTo(kind == FailureClass.UNKNOWN ? FailureClass.START : kind);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "OSError: [Errno 28] No space left on device",
          "OSError: [Errno 122] Disk quota exceeded: 'ckpt.pt'"
        })
    void of_a_full_disk_is_no_runs_fault(String line) {
      assertThat(exited(1, true, line).fault()).isEqualTo(TrainingFailure.Fault.DISK_FULL);
      assertThat(exited(1, false, "OSError: [Errno 5] Input/output error").fault())
          .isEqualTo(TrainingFailure.Fault.ITS_OWN);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "usage: train.py [-h] [--lr LR]",
          "train.py: error: unrecognized arguments: --lr=0.1",
          "Usage: train.py [OPTIONS]"
        })
    void of_a_refused_command_line_is_the_configs(String line) {
      assertThat(exited(2, true, line, "Error: No such option: --lr").kind())
          .isEqualTo(FailureClass.CONFIG);
      assertThat(exited(2, false, line).kind()).isEqualTo(FailureClass.CONFIG);
      assertThat(exited(1, false, line).kind()).isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void of_exit_2_without_a_usage_is_not_the_configs() {
      assertThat(
              exited(2, true, "python: can't open file '/x/train.py': [Errno 2] No such file")
                  .kind())
          .isEqualTo(FailureClass.START);
      assertThat(exited(2, false, "done with errors").kind()).isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void of_a_program_that_never_came_forward_is_start() {
      assertThat(exited(1, true).kind()).isEqualTo(FailureClass.START);
      assertThat(exited(1, false).kind()).isEqualTo(FailureClass.UNKNOWN);
      assertThat(Cause.notStarted("No such file").kind()).isEqualTo(FailureClass.START);
      assertThat(Cause.notStarted("No such file"))
          .hasMessage("the program could not be started: No such file");
    }
  }

  @Nested
  class A_signal {
    @ParameterizedTest
    @CsvSource({
      "1, SIGHUP", "2, SIGINT", "6, SIGABRT", "7, SIGBUS", "8, SIGFPE", "9, SIGKILL",
      "10, SIGUSR1", "11, SIGSEGV", "12, SIGUSR2", "13, SIGPIPE", "15, SIGTERM", "16, signal 16",
      "64, signal 64", "0, signal 0"
    })
    void has_its_name(int signal, String name) {
      assertThat(new Cause(List.of("step 3")).signalled(signal, false, false))
          .hasMessage("the program was ended by " + name + "; its last words: step 3");
    }

    @Test
    void of_the_kernel_for_want_of_memory_is_one() {
      TrainingFailure failure = new Cause(List.of("step 3")).signalled(9, true, true);

      assertThat(failure.kind()).isEqualTo(FailureClass.OOM);
      assertThat(failure)
          .hasMessageStartingWith("the program was ended by SIGKILL: the kernel ended")
          .hasMessageEndingWith("its last words: step 3");
    }

    @Test
    void other_than_a_kill_has_nothing_to_do_with_the_kernels_memory() {
      assertThat(new Cause(List.of()).signalled(11, true, false).kind())
          .isEqualTo(FailureClass.UNKNOWN);
    }

    @Test
    void is_start_where_it_never_came_forward_and_said_nothing_that_tells_more() {
      assertThat(new Cause(List.of()).signalled(11, false, true).kind())
          .isEqualTo(FailureClass.START);
      assertThat(new Cause(List.of("std::bad_alloc")).signalled(6, false, true).kind())
          .isEqualTo(FailureClass.OOM);
    }
  }

  @Test
  void a_program_that_hung_took_too_long() {
    TrainingFailure failure = new Cause(List.of("step 3")).hung("600 s");

    assertThat(failure.kind()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(failure)
        .hasMessage("the program printed nothing for 600 s and was ended; its last words: step 3");
  }
}
