package dev.sweeprunner.wandb.check;

import dev.sweeprunner.wandb.api.RemoteRun;
import dev.sweeprunner.wandb.api.RunState;
import dev.sweeprunner.wandb.api.Upserted;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.check.Behaviour.Seen;
import dev.sweeprunner.wandb.check.Scratch.Awaited;
import dev.sweeprunner.wandb.check.Scratch.Halted;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What two clusters rest on: who created a run, what its config says, which runs there are. */
final class ClaimBehaviours {
  private static final String TOKEN = "check_token";
  private static final String SECOND = "check_second";
  private static final String ONE = "one";
  private static final String TWO = "two";

  private final Scratch scratch;
  private final ScratchRun run;
  private final ScratchRun other;

  ClaimBehaviours(Scratch scratch) {
    this.scratch = scratch;
    this.run = scratch.run("claim");
    this.other = scratch.run("other");
  }

  List<Behaviour> all() {
    return List.of(
        new Behaviour("only the first upsert of a run says that it created it", this::inserted),
        new Behaviour("a config is read back within the settle time, 45 s", this::readBack),
        new Behaviour("an upsert without a config leaves the config as it is", this::left),
        new Behaviour("an upsert with a config makes its keys readable", this::replaced),
        new Behaviour(
            "asked for some ids, the server shows those runs and no others", this::asked));
  }

  private Seen inserted() throws WandbFailure {
    Upserted first = run.write(null);
    Upserted again = run.write(null);
    if (first.ambiguous()) {
      return Seen.not("an answer was lost; run the check again");
    }
    return Seen.of(
        first.inserted() && !again.inserted(),
        "inserted is " + first.inserted() + ", then " + again.inserted());
  }

  private Seen readBack() throws WandbFailure, Halted {
    run.write(Map.of(TOKEN, ONE));
    Awaited<Map<String, @Nullable Object>> read = await(TOKEN, ONE);
    return read.right()
        ? Seen.of(true, "read back " + read.when())
        : Seen.of(false, "not there " + read.when());
  }

  private Seen left() throws WandbFailure, Halted {
    run.write(Map.of(TOKEN, ONE));
    await(TOKEN, ONE);
    run.write(null);
    scratch.settle();
    Object value = config().get(TOKEN);
    return Seen.of(ONE.equals(value), ONE.equals(value) ? "it stays" : "its key is " + value);
  }

  private Seen replaced() throws WandbFailure, Halted {
    run.write(Map.of(TOKEN, ONE));
    run.write(Map.of(SECOND, TWO));
    Awaited<Map<String, @Nullable Object>> read = await(SECOND, TWO);
    if (!read.right()) {
      return Seen.of(false, "not there " + read.when());
    }
    boolean merged = read.answer().containsKey(TOKEN);
    return Seen.of(
        true,
        (merged ? "merged with the keys before" : "the keys before are gone") + ", read back");
  }

  private Seen asked() throws WandbFailure, Halted {
    run.write(null);
    other.write(null);
    String unasked = scratch.path("other").runId();
    String absent = scratch.path("absent").runId();
    String wanted = run.path().runId();
    Awaited<List<String>> shown =
        scratch.await(
            Scratch.SETTLE,
            () -> shown(List.of(wanted, absent)),
            ids -> ids.equals(List.of(wanted)));
    Awaited<List<String>> both =
        scratch.await(
            Scratch.SETTLE, () -> shown(List.of(wanted, unasked)), ids -> ids.size() == 2);
    return Seen.of(
        shown.right() && both.right(),
        "of one run and one absent id "
            + shown.answer().size()
            + " shown, of two runs "
            + both.answer().size());
  }

  private List<String> shown(List<String> ids) throws WandbFailure {
    return scratch.client().states(run.path().entity(), run.path().project(), ids).runs().stream()
        .map(RunState::runId)
        .toList();
  }

  private Awaited<Map<String, @Nullable Object>> await(String key, String value)
      throws WandbFailure, Halted {
    return scratch.await(Scratch.SETTLE, this::config, config -> value.equals(config.get(key)));
  }

  private Map<String, @Nullable Object> config() throws WandbFailure {
    return run.read().map(RemoteRun::config).orElse(Map.of());
  }
}
