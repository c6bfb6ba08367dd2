package dev.sweeprunner.relay.rows;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.ProgramConfig;
import dev.sweeprunner.config.RunKey;
import dev.sweeprunner.layout.Layout;
import dev.sweeprunner.run.Claim;
import dev.sweeprunner.run.ClaimedRun;
import dev.sweeprunner.run.Relay;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Openings of lives of one run. */
final class Lives {
  static final RunKey KEY = new RunKey("project", "group", "00000001", null);

  private static final Point POINT =
      new Point(0, Map.of(), new ProgramConfig(Map.of(), "{}", "44"), KEY, null);

  private Lives() {}

  static Layout layout(Path root) {
    return new Layout(root);
  }

  /** A life of the claim of this epoch. */
  static Relay.Opening opening(int epoch, Relay.Base base, Consumer<String> notes) {
    ClaimedRun run = new ClaimedRun(POINT, claim(epoch), null);
    return new Relay.Opening(
        run, new Relay.Names("me", "project", "group", "name"), base, words -> {}, notes);
  }

  private static Claim claim(int epoch) {
    return (Claim)
        Proxy.newProxyInstance(
            Claim.class.getClassLoader(),
            new Class<?>[] {Claim.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "key" -> KEY;
                  case "epoch" -> epoch;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
