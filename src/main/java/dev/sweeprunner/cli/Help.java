package dev.sweeprunner.cli;

import dev.sweeprunner.run.judge.ExitCode;
import java.io.PrintStream;

/** {@code help} and {@code version}. */
public final class Help {
  private static final String TEXT =
      """
      Sweep Runner: every point of a W&B grid sweep once, resumed where it stopped.

      sweep-runner [COMMAND] [OPTIONS]       --x V or --x=V; no command means run

      Commands
        run                    work on the sweeps until every point has ended
        status (--status)      where every point stands
        plan                   what this worker would do next, and why; changes nothing
        explain RUN_ID         all facts about one run, the verdict, the way out
        reset RUN_ID...        free runs that were poisoned, held or are backing off
        scale                  as many Slurm tasks as there is work; prints, or --submit
        sync                   send to W&B what it has not been told yet
        shell                  the same, interactively
        wandb-check            whether W&B does what this program rests on; makes scratch runs
        help, version

      Which sweeps, and where
        --sweep PATH           the YAML; several times: the first is the most wanted
        --storage DIR          folder of out/; over $TC_STORAGE_ROOT
        --cluster NAME         whoever shares this storage (default local)
        --worker NAME          default: cluster and array task in Slurm, else HOST-K

      How to run
        --device D             auto, cpu, cuda or cuda:N (default auto)
        --max-runs N           leave after N runs
        --exit-when-idle       leave instead of waiting for others
        --allow-behind         do not check whether git is behind its upstream
        --afresh               start partial runs of another program from scratch
        --no-adopt             adopt no finished runs that only W&B knows
        --port N, --no-web     port of /actuator/health on 127.0.0.1 (default: a free one)
        --debug                stack traces

      W&B
        --wandb MODE           online, offline or disabled; over $WANDB_MODE
        --wandb-buffer         nothing of a run leaves before its checkpoint is published
        --wandb-down WHAT      closed, home or open: what to claim while W&B is silent
        --entity NAME          over the sweep file's
        --refresh              ask W&B instead of its cached answer

      What status prints
        --format F             table, json or csv
        --watch[=SECONDS]      again and again (default every 5); scale too (60)

      Any property of application.yml is an option too: --claim.expiry 5m
      Exit: 0 all finished, 1 all ended but some bad, 2 usage, 3 idle, 4 sick node, 75 stopped
      """;

  private final PrintStream out;

  /** Help that is printed to {@code out}. */
  public Help(PrintStream out) {
    this.out = out;
  }

  /** One screen: commands, options, exit codes. */
  public ExitCode help() {
    out.print(TEXT);
    out.flush();
    return ExitCode.DONE;
  }

  /**
   * Which program this is.
   *
   * @param version of this build
   * @param java what it runs on
   */
  public ExitCode version(String version, String java) {
    out.println("sweep-runner " + version + " (Java " + java + ")");
    out.flush();
    return ExitCode.DONE;
  }
}
