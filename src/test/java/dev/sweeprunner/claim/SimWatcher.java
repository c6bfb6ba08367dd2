package dev.sweeprunner.claim;

import dev.sweeprunner.run.ClaimState;
import dev.sweeprunner.run.Claims;
import dev.sweeprunner.run.Liveness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * One worker that owns and beats when it likes, and one that watches it by a wall clock that is
 * right or ten years off. An owner that is seen to beat must never be called dead, and one that
 * does not must be in the end.
 */
@NullMarked
class SimWatcher extends SimWorker {
  private static final Duration BEAT = Duration.ofSeconds(30);
  private static final int LOOKS = 5;
  private static final int EXPIRY = 3;
  private static final int BEATS = 1;

  SimWatcher(String incarnation, SimRules rules) {
    super(incarnation, rules);
  }

  /** Judges by the file's time and one's own clock. */
  static final class WallClock extends SimWatcher {
    WallClock(String incarnation, SimRules rules) {
      super(incarnation, rules);
    }

    @Override
    boolean dead(Liveness owner) {
      Duration silent = owner.silentByFileTime();
      return silent != null && silent.compareTo(settings().expiry()) >= 0;
    }
  }

  boolean dead(Liveness owner) {
    return owner.dead();
  }

  @Override
  ClaimSettings settings() {
    return ClaimSettings.of(BEAT.multipliedBy(EXPIRY), BEAT);
  }

  @Override
  boolean deems(Process process, Claims.Finding watched) {
    return false;
  }

  @Override
  public void run(SimFs.Server server) {
    Process process = new Process(server);
    if (incarnation.startsWith("a")) {
      own(process);
      return;
    }
    int off = process.choose("a wall clock that is right, ahead or behind", 3);
    process.clock.jumpWall(Duration.ofDays(3653L * (off == 2 ? -1 : off)));
    watch(process);
  }

  private void own(Process process) {
    ClaimState state = process.claims.look(RUN);
    HeldClaim claim = (HeldClaim) process.claims.claim(RUN, Workers.SHA, state).orElseThrow();
    for (int beat = 1; beat <= BEATS; beat++) {
      process.clock.pass(BEAT);
      claim.beat();
    }
  }

  private void watch(Process process) {
    List<String> beats = new ArrayList<>();
    for (int look = 0; look < LOOKS; look++) {
      ClaimState state = process.claims.look(RUN);
      boolean dead =
          state instanceof ClaimState.Logged logged
              && logged.owner() != null
              && dead(logged.owner());
      int last = beats.size() - 1;
      boolean beaten = last > 0 && !beats.get(last).equals(beats.get(last - 1));
      if (dead && (last < 1 || beaten)) {
        throw new AssertionError("an owner that beats is called dead");
      }
      boolean still =
          last >= EXPIRY && beats.subList(last - EXPIRY, last + 1).stream().distinct().count() == 1;
      boolean standing = still && !beats.get(last).equals("MISSING");
      String now = server(process);
      if (standing && now.equals(beats.get(last)) && !dead && state instanceof ClaimState.Logged) {
        throw new AssertionError("an owner that stopped beating is called alive for ever");
      }
      beats.add(now);
      process.clock.pass(BEAT);
    }
  }

  /** What the beat is in truth, for the law alone. */
  private String server(Process process) {
    SimReply reply =
        process.server.call(SimCall.of(SimCall.Kind.READ, process.site.folder(RUN).beat(1)));
    return reply.failed() ? reply.kind.toString() : SimBlob.hash(reply.content.bytes) + "";
  }
}
