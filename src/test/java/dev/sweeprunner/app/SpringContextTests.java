package dev.sweeprunner.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sweeprunner.problem.UserError;
import dev.sweeprunner.run.Delivery;
import dev.sweeprunner.run.Requests;
import dev.sweeprunner.run.work.Meter;
import dev.sweeprunner.testkit.SettableClock;
import dev.sweeprunner.testkit.Situations;
import dev.sweeprunner.testkit.ToldWorkers;
import dev.sweeprunner.web.Vitals;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpringContextTests {
  @TempDir Path folder;

  @Test
  void a_port_that_is_taken_is_the_users_to_change() throws Exception {
    Vitals vitals =
        new Vitals(
            () -> ToldWorkers.status(Situations.owner("w1"), "9f3c21aa", 640),
            new Meter(new SettableClock()),
            Optional::empty,
            new Vitals.Wandb(() -> Delivery.quiet("disabled"), () -> Requests.NONE),
            Optional::empty,
            new Vitals.Origin("1.0", () -> null),
            () -> {
              throw new AssertionError("nobody asks for the page");
            },
            port -> {},
            new SettableClock(),
            folder,
            new Vitals.Limits(Duration.ofMinutes(30), Duration.ofMinutes(10)));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      SpringContext context = SpringContext.begin(true, taken.getLocalPort());

      assertThatThrownBy(() -> context.open("jdbc:h2:mem:taken", vitals))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "--port "
                  + taken.getLocalPort()
                  + ": another process has this port. Name another, or none for a free one.");
    }
  }
}
