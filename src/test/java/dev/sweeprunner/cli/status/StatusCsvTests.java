package dev.sweeprunner.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.judge.PointStatus;
import dev.sweeprunner.testkit.Captured;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCsvTests {
  @TempDir Path folder;

  private static Captured csv(SweepStatus sweep) {
    Captured printed = new Captured();
    new StatusCsv().print(List.of(sweep), printed.out());
    return printed;
  }

  @Test
  void overrides_and_metrics_become_columns() {
    List<String> lines = csv(Views.midway(Views.grid(folder))).lines();

    assertThat(lines.get(0))
        .isEqualTo(
            "index,run_id,state,reason,overrides.model.n_embd,"
                + "overrides.experiment.translation_ratio,overrides.training.seed,sweep,group,"
                + "cluster,worker,slurm_job,epoch,attempts,iter,max_iters,metrics.train/loss,"
                + "metrics.lr,metrics.eval/train_loss,metrics.val/loss,"
                + "metrics.val/translation_loss,wandb_state,out_dir,source,age_s,way_out,"
                + "duplicate_of,host,checkpoint_iter,tokens_per_second,eta_s,"
                + "device,mfu,device_memory_gib,"
                + "slurm_state,slurm_reason,slurm_restarts,slurm_time_left_seconds,"
                + "storage_root,storage_root_exists");
    assertThat(lines).hasSize(5);
    assertThat(lines.get(2)).contains(",training,").contains(",8,1.0,64,").contains(",1.25,0.006,");
  }

  @Test
  void every_line_has_as_many_cells_as_there_are_names() {
    List<String> lines = csv(Views.midway(Views.grid(folder))).lines();

    assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(40));
  }

  @Test
  void what_slurm_says_stands_before_the_storage_root() {
    Views views = new Views();

    List<String> lines = csv(views.look(views.inSlurm(folder))).lines();

    assertThat(lines.get(1)).endsWith(",RUNNING,,2,11520,/st,true");
    assertThat(lines.get(2)).endsWith(",PENDING,BeginTime,1,,/st,true");
    assertThat(lines.get(3)).endsWith(",FAILED,NonZeroExitCode,0,,/st,true");
    assertThat(lines.subList(4, 7)).allSatisfy(line -> assertThat(line).endsWith(",,,,,/st,true"));
  }

  @Test
  void what_would_break_a_line_is_quoted() {
    Points points = Views.grid(folder);
    PointStatus poisoned =
        Situations.pointStatus(
            points.at(0), Situations.poisoned(points.at(0), "a \"b\",\nc and more "));

    String text = csv(Views.status(points, List.of(poisoned), new ToldWorkers())).text();

    assertThat(text).contains(",poisoned,\"a \"\"b\"\",\nc and more \",8,");
  }
}
