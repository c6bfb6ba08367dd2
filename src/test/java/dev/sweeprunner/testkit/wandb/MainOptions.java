package dev.sweeprunner.testkit.wandb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Starts a server from a command line. */
final class MainOptions {
  static final String USAGE =
      """
      usage: FakeWandbServer PORT [--faults SHARE] [--seed N] [--speed FACTOR] [--entity NAME]
                             [--lag SECONDS] [--latency MS] [--page-cap N] [--crash-after SECONDS]
      PORT 0 takes any free port. Look at /debug/runs, /debug/lines?run=ID,
      /debug/requests?since=N&bodies=true, /debug/violations, /debug/faults; POST to
      /debug/outage?on=true, /debug/stop?run=ID, /debug/lag?seconds=2,
      /debug/faults?rate=0.1&channel=graphql&next=DROP_AFTER, /debug/clock?seconds=600,
      /debug/entity?name=NAME.""";

  private final Map<String, String> values = new LinkedHashMap<>();

  private MainOptions(String[] arguments) {
    for (int i = 1; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      boolean joined = pair.length == 2;
      if (!pair[0].startsWith("--") || (!joined && i + 1 == arguments.length)) {
        throw new IllegalArgumentException(arguments[i]);
      }
      values.put(pair[0].substring(2), joined ? pair[1] : arguments[++i]);
    }
  }

  static void serve(String[] arguments) {
    if (arguments.length == 0 || arguments[0].equals("--help")) {
      System.out.println(USAGE);
      return;
    }
    try {
      start(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("cannot use " + wrong.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
  }

  private static void start(String[] arguments) {
    MainOptions given = new MainOptions(arguments);
    Patience usual = Patience.USUAL;
    Duration crash = Duration.ofSeconds((long) given.number("crash-after", 300));
    FakeWandbServer server =
        FakeWandbServer.start(
            new ServerOptions(
                Integer.parseInt(arguments[0]),
                new SpeedClock(given.number("speed", 1)),
                given.values.getOrDefault("entity", "fake-entity"),
                new Patience(crash, usual.preempting().plus(crash).minus(usual.running())),
                (int) given.number("page-cap", 1000),
                (long) given.number("seed", 1)));
    server.faults().rate(given.number("faults", 0));
    server.faults().latency(Duration.ofMillis((long) given.number("latency", 200)));
    server.runs().lag(Duration.ofMillis((long) (1000 * given.number("lag", 0))));
    System.out.println("fake W&B on " + server.url());
    System.out.flush();
  }

  private double number(String name, double otherwise) {
    return Double.parseDouble(values.getOrDefault(name, String.valueOf(otherwise)));
  }
}
