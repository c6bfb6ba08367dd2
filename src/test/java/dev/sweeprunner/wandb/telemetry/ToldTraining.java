package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.config.RunConfig;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.json.ValueJson;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.Snapshot;
import dev.sweeprunner.run.StopSignal;
import dev.sweeprunner.run.Training;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A trainer that tells of its run as a program does to the relay: before each row is known here.
 */
record ToldTraining(Training training, Layout layout) implements Training {
  static final String CONFIG =
      "{\"lr\":{\"value\":0.10},\"_wandb\":{\"value\":{\"t\":{\"5\":1},"
          + "\"m\":[{\"1\":\"axis\"},{\"1\":\"metrics.loss\",\"5\":1,\"6\":[1],\"7\":[2]},{\"2\":\"*\"}]}}}";

  @Override
  public Optional<String> refusal(RunConfig config) {
    return training.refusal(config);
  }

  @Override
  public Optional<String> missing(RunConfig config) {
    return training.missing(config);
  }

  @Override
  public Size size(RunConfig config) {
    return training.size(config);
  }

  @Override
  public String device() {
    return training.device();
  }

  @Override
  public Training.Session start(ClaimedRun run, @Nullable Snapshot base, Consumer<String> log) {
    Training.Session session = training.start(run, base, log);
    int epoch = run.claim().epoch();
    ToldProgram program = new ToldProgram(layout, run.point().key(), epoch);
    program.says(CONFIG, "{\"claims\":" + epoch + "}");
    program.prints("claim " + epoch + " begins");
    return new Session(session, program);
  }

  private record Session(Training.Session session, ToldProgram program)
      implements Training.Session {
    @Override
    public long iter() {
      return session.iter();
    }

    @Override
    public long maxIters() {
      return session.maxIters();
    }

    @Override
    public Pausing train(
        LongPredicate due, StopSignal stop, Consumer<Row> rows, LongConsumer completed) {
      return session.train(due, stop, row -> rows.accept(told(row)), completed);
    }

    @Override
    public void evaluateLast(Consumer<Row> rows) {
      session.evaluateLast(row -> rows.accept(told(row)));
    }

    private Row told(Row row) {
      program.prints("step " + row.step());
      program.measures("{\"_wandb\":true,\"_timestamp\":1.7e9,\"system.cpu\":" + row.step() + "}");
      program.alerts("at a step", "step " + row.step());
      program.says(CONFIG, "{\"newest\":" + row.step() + "}");
      String members = ValueJson.of(Map.of("metrics", row.values()));
      try {
        return Row.logged(row.step(), members.substring(1, members.length() - 1), row.wall());
      } catch (UnreadableJson e) {
        throw new AssertionError(members, e);
      }
    }

    @Override
    public Snapshot snapshot() {
      return session.snapshot();
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
