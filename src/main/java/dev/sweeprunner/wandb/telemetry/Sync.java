package dev.sweeprunner.wandb.telemetry;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Deliveries.Sent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends what the runs of one project have not told W&amp;B yet. Belongs to one thread; may be cut
 * off anywhere and repeated: what is there is not sent twice.
 */
public final class Sync {
  private final Outbox outbox;
  private final String project;
  private final Claims claims;
  private final RunDelivery runDelivery;

  Sync(Outbox outbox, String project, Claims claims, RunDelivery runDelivery) {
    this.outbox = outbox;
    this.project = project;
    this.claims = claims;
    this.runDelivery = runDelivery;
  }

  /**
   * Ids of the runs that have something to tell, as far as one listing says.
   *
   * @throws IOException if the outbox cannot be listed
   */
  public List<String> waiting() throws IOException {
    return outbox.waiting(project);
  }

  /**
   * Those of {@link #waiting} that have ended for good: nobody else will tell of them.
   *
   * @throws IOException if the outbox cannot be listed
   */
  public List<String> ended() throws IOException {
    List<String> all = waiting();
    List<String> ended = new ArrayList<>();
    if (!all.isEmpty()) {
      ended.addAll(claims.list(project).ended());
      ended.retainAll(all);
    }
    return ended;
  }

  /** Sends what is lacking of one run. */
  public Sent send(String runId) {
    RunDescriptor descriptor = outbox.card(project, runId).orElse(null);
    if (descriptor == null) {
      return new Sent(true, 0, "somebody else has sent it");
    }
    if (!(claims.look(descriptor.key()) instanceof ClaimState.Logged)) {
      return new Sent(true, 0, "nobody has worked on it");
    }
    RunDelivery.Shipped shipped = runDelivery.ship(descriptor);
    if (shipped.whole()) {
      outbox.told(descriptor, null);
    }
    if (shipped instanceof RunDelivery.Shipped.Sent sent) {
      return new Sent(true, sent.rows(), sent.rows() + " of " + sent.of() + " rows sent");
    }
    if (shipped instanceof RunDelivery.Shipped.Failed failed) {
      return new Sent(false, 0, failed.why());
    }
    return new Sent(
        true,
        0,
        shipped instanceof RunDelivery.Shipped.Nothing nothing ? nothing.why() : "W&B has it all");
  }
}
