package dev.sweeprunner.host;

import dev.sweeprunner.files.LocalFiles;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Scheduler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that says who it is, or takes a worker's name, or dies at a point, and sleeps. */
final class SleepingProcess {
  private SleepingProcess() {}

  /** {@code identity}, {@code name ROOT}, {@code seat ROOT}, or {@code trace FILE AT HOW}. */
  public static void main(String[] arguments) throws Exception {
    var environment = Environment.ofThisProcess();
    var self = ThisProcess.read(environment);
    switch (arguments[0]) {
      case "identity" -> System.out.println(words(self));
      case "name" -> {
        var layout = new Layout(Path.of(arguments[1]));
        var processes = new ProcProcesses(self);
        System.out.println("ready");
        System.in.read();
        System.out.println(
            new WorkerNames(new LocalFiles(), layout, self, null, processes).ofHost());
      }
      case "seat" -> {
        var seat =
            new ScalerSeat(
                new LocalFiles(),
                new Layout(Path.of(arguments[1])).scale(),
                self.owner("scale", "local", "", null),
                new ScalerSeat.Around(new ProcProcesses(self), Scheduler.none(), new SystemClock()),
                Duration.ofMinutes(10));
        System.out.println("ready");
        System.in.read();
        System.out.println(seat.take().isEmpty() ? "has it" : "not");
      }
      default -> trace(arguments);
    }
    Thread.sleep(120_000);
  }

  private static String words(ThisProcess self) {
    return String.join(
        "|",
        List.of(
            self.machineId(),
            self.bootId(),
            Long.toString(self.pid()),
            self.pidStart(),
            self.pidNamespace(),
            self.user(),
            self.host()));
  }

  private static void trace(String[] arguments) throws Exception {
    var plan = CrashPlan.of(arguments[2], arguments[3]).orElse(null);
    try (var trace = new EventFile(new LocalFiles(), Path.of(arguments[1]), plan)) {
      trace.event("start", "9f3c21aa", 1, 0);
      for (var point : List.of("a", "b", "b", "c")) {
        trace.reach(point);
        System.out.println("past " + point);
      }
    }
  }
}
