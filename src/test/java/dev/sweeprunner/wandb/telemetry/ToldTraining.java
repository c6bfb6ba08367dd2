package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import dev.sweeprunner.testkit.DelegatingTraining;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/**
 * A trainer that tells of its run, and of one beside it, as a program does to the relay: before
 * each row is known here.
 */
final class ToldTraining extends DelegatingTraining {
  static final String CONFIG =
      "{\"lr\":{\"value\":0.10},\"_wandb\":{\"value\":{\"t\":{\"5\":1},"
          + "\"m\":[{\"1\":\"axis\"},{\"1\":\"metrics.loss\",\"5\":1,\"6\":[1],\"7\":[2]},{\"2\":\"*\"}]}}}";

  private final Layout layout;

  ToldTraining(Training training, Layout layout) {
    super(training);
    this.layout = layout;
  }

  @Override
  protected Training.Session around(Training.Session session, ClaimedRun run) {
    int epoch = run.claim().epoch();
    ToldProgram program = new ToldProgram(layout, run.point().key(), epoch);
    program.says(CONFIG, "{\"claims\":" + epoch + "}");
    program.prints("claim " + epoch + " begins");
    ToldProgram side = ToldProgram.beside(layout, run.point().key(), epoch, 2);
    side.begins(null);
    side.says(CONFIG, "{\"claims\":" + epoch + "}");
    return new Told(session, program, side);
  }

  private static final class Told extends DelegatingTraining.Session {
    private final ToldProgram program;
    private final ToldProgram side;

    Told(Training.Session session, ToldProgram program, ToldProgram side) {
      super(session);
      this.program = program;
      this.side = side;
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      return super.train(due, stop, row -> rows.accept(told(row)), completed);
    }

    @Override
    public void evaluateLast(Consumer<Row> rows) {
      super.evaluateLast(row -> rows.accept(told(row)));
    }

    private Row told(Row row) {
      program.prints("step " + row.step());
      program.measures("{\"_wandb\":true,\"_timestamp\":1.7e9,\"system.cpu\":" + row.step() + "}");
      program.alerts("at a step", "step " + row.step());
      program.says(CONFIG, "{\"newest\":" + row.step() + "}");
      side.says(CONFIG, "{\"newest\":" + row.step() + "}");
      side.logs(row.step(), "\"square\":" + row.step() * row.step());
      String members = ValueJson.of(Map.of("metrics", row.values()));
      try {
        return Row.logged(row.step(), members.substring(1, members.length() - 1), row.wall());
      } catch (UnreadableJson e) {
        throw new AssertionError(members, e);
      }
    }
  }
}
