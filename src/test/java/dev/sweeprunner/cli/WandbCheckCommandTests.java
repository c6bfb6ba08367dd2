package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.ServerCheck;
import dev.sweeprunner.run.ServerCheck.Finding;
import dev.sweeprunner.run.ServerCheck.Verdict;
import dev.sweeprunner.run.judge.ExitCode;
import dev.sweeprunner.testkit.Captured;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WandbCheckCommandTests {
  private static final Finding OK = finding("lines are counted", "4 lines", Verdict.OK);
  private static final Finding DIFFERENT =
      finding("a config is kept", "it is gone", Verdict.DIFFERENT);
  private static final Finding UNSEEN =
      finding("the Stop button is told", "by hand: press it", Verdict.UNSEEN);

  private final Captured printed = new Captured();

  @Test
  void each_finding_is_a_row_and_the_end_counts_them() {
    ExitCode code = command(List.of(OK, UNSEEN)).run();

    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(printed.lines())
        .containsExactly(
            "relied on                      seen                           verdict        took",
            "lines are counted              4 lines                        ok            1.5 s",
            "the Stop button is told        by hand: press it              not seen      1.5 s",
            "",
            "1 as relied on, 0 different, 1 not seen.",
            "The runs of this check stay in the W&B project scratch; delete them there.");
  }

  @Test
  void one_different_behaviour_is_told_by_the_exit_code() {
    ExitCode code = command(List.of(OK, DIFFERENT, UNSEEN)).run();

    assertThat(code).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(printed.text()).contains("DIFFERENT").contains("1 as relied on, 1 different");
  }

  @Test
  void long_texts_are_wrapped_within_the_screen() {
    String text = "a clause of many words that does not fit into its column ".repeat(4).strip();

    command(List.of(finding(text, text, Verdict.OK))).run();

    assertThat(printed.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(81));
    assertThat(printed.lines()).hasSizeGreaterThan(8);
  }

  @Test
  void a_row_is_printed_before_the_next_is_looked_at() {
    ServerCheck desk =
        desk(
            heard -> {
              heard.accept(OK);
              assertThat(printed.text()).contains("lines are counted");
              heard.accept(DIFFERENT);
            });

    new WandbCheckCommand(desk, screen()).run();

    assertThat(printed.text()).contains("a config is kept");
  }

  @Test
  void a_server_that_falls_silent_leaves_the_rows_there_are() {
    ServerCheck desk =
        desk(
            heard -> {
              heard.accept(OK);
              throw new UserError("wandb-check", "nobody answers", "Run it again");
            });

    assertThatThrownBy(() -> new WandbCheckCommand(desk, screen()).run())
        .isInstanceOf(UserError.class);
    assertThat(printed.text()).contains("lines are counted").contains("1 as relied on");
  }

  @Test
  void a_key_that_is_wrong_prints_no_table() {
    ServerCheck desk =
        desk(
            heard -> {
              throw new UserError("wandb-check", "the key is wrong", "Set another");
            });

    assertThatThrownBy(() -> new WandbCheckCommand(desk, screen()).run())
        .hasMessage("wandb-check: the key is wrong. Set another.");
    assertThat(printed.text()).isEmpty();
  }

  private WandbCheckCommand command(List<Finding> findings) {
    return new WandbCheckCommand(desk(findings::forEach), screen());
  }

  private Screen screen() {
    return new Screen(printed.out(), false, false, 81);
  }

  private static Finding finding(String relied, String seen, Verdict verdict) {
    return new Finding(relied, seen, verdict, Duration.ofMillis(1500));
  }

  private static ServerCheck desk(Consumer<Consumer<Finding>> work) {
    return new ServerCheck() {
      @Override
      public String project() {
        return "scratch";
      }

      @Override
      public void check(Consumer<Finding> heard) {
        work.accept(heard);
      }
    };
  }
}
