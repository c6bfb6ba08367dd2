package dev.sweeprunner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of many metrics the one that a line has room for. */
class HeadMetricTests {
  @ParameterizedTest
  @CsvSource({
    "'lr,loss,acc', '', loss",
    "'train_loss,val_loss', '', val_loss",
    "'train/loss,val/loss', '', val/loss",
    "'loss,eval/loss', '', eval/loss",
    "'eval_loss,val_loss', '', val_loss",
    "'acc,f1', '', acc",
    "'loss,acc', acc, acc",
    "'loss,acc', bleu, loss",
    "'lossy,acc', '', lossy"
  })
  void it_is_the_sweeps_aim_else_a_loss_else_the_first(String names, String aim, String head) {
    assertThat(
            HeadMetric.of(
                Arrays.asList(names.split(",")), Optional.of(aim).filter(a -> !a.isEmpty())))
        .contains(head);
  }

  @Test
  void without_metrics_there_is_none() {
    assertThat(HeadMetric.of(List.of(), Optional.of("loss"))).isEmpty();
  }
}
