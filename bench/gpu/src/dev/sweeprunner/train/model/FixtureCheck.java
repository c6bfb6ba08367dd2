package dev.sweeprunner.train.model;

import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.train.kernels.BackEnd;
import dev.sweeprunner.train.model.FixtureTests.Precision;
import dev.sweeprunner.train.model.FixtureTests.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The fixtures on a GPU, judged by the test itself, without JUnit: it is a method that throws. The
 * test prints its table, a line per comparison: subject, fixture and numbers, parted by tabs.
 */
public final class FixtureCheck {
  private FixtureCheck() {}

  /** All fixtures in both formats; the working directory is where they are looked for. */
  public static List<Result> all(BackEnd gpu) throws IOException, UnreadableJson {
    System.setProperty("fixtures.table", "true");
    List<Result> results = new ArrayList<>();
    for (Subject subject :
        List.of(
            new Subject("cuda float32", Precision.FLOAT32, FixtureTests.on(gpu, false)),
            new Subject("cuda bfloat16", Precision.BFLOAT16, FixtureTests.on(gpu, true)))) {
      for (Fixture fixture : Fixture.all()) {
        results.add(new Result(subject.name(), fixture.toString(), failure(subject, fixture)));
      }
    }
    return results;
  }

  private static String failure(Subject subject, Fixture fixture) throws UnreadableJson {
    try {
      new FixtureTests()
          .losses_gradients_and_updates_are_as_near_to_the_truth_as_those_of_pytorch(
              subject, fixture);
      return "";
    } catch (AssertionError | RuntimeException failure) {
      // A lost device fails all fixtures after it; each says so.
      return String.valueOf(failure.getMessage());
    }
  }

  /**
   * How one fixture went.
   *
   * @param failure what is too far from PyTorch, or empty
   */
  public record Result(String subject, String fixture, String failure) {}
}
